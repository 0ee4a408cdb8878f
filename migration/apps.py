"""The rollover from the legacy system."""

from django.apps import AppConfig


class MigrationConfig(AppConfig):
    name = "migration"
    label = "ser_rollover"
