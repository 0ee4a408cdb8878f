"""The rollover from the legacy system: staging, checks, load, archive, reconciliation."""

from django.apps import AppConfig


class MigrationConfig(AppConfig):
    name = "migration"
    label = "ser_rollover"
    verbose_name = "Rollover"
