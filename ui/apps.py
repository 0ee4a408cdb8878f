"""How the product looks: base pages, components, form renderer, error pages. Knows no model."""

from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "ui"
    verbose_name = "Look and components"
