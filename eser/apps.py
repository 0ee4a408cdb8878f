"""The project itself, installed for its management commands and start-up checks."""

from django.apps import AppConfig


class EserConfig(AppConfig):
    name = "eser"

    def ready(self) -> None:
        """A bad cell in a rule table stops the program here, with its file and line."""
        from eser.rule_tables import open_rule_book

        open_rule_book()
