"""Rules as tables that a domain expert reads."""

from django.apps import AppConfig


class RulebookConfig(AppConfig):
    name = "rulebook"
    label = "rulebook"
