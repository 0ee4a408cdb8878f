"""The project itself, installed for its management commands and start-up checks."""

from django.apps import AppConfig


class EserConfig(AppConfig):
    name = "eser"
