"""The rollover from the legacy system: staging, checks, load, archive, reconciliation."""

from django.apps import AppConfig


class MigrationConfig(AppConfig):
    name = "migration"
    label = "ser_rollover"
    verbose_name = "Rollover"

    def ready(self) -> None:
        from migration.models import LegacyAttachment
        from students.extensions import MovesAlong, moves_along

        moves_along(MovesAlong(LegacyAttachment, "files of the legacy system"))
