"""What happened, in the words of the field; append-only."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"
    label = "journal"
    verbose_name = "Journal"
