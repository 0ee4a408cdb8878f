"""The rollover from the legacy system: staging, checks, load, archive, reconciliation."""

from django.apps import AppConfig


class MigrationConfig(AppConfig):
    name = "migration"
    label = "ser_rollover"
    verbose_name = "Rollover"

    def ready(self) -> None:
        from migration.archive.beside import archived_children, archived_records_exist
        from migration.legacy_access import desk_panel
        from migration.models import LegacyAttachment
        from security.panels import DeskPanel, add_panel
        from students.extensions import MovesAlong, moves_along, search_beside, stands_beside

        moves_along(MovesAlong(LegacyAttachment, "files of the legacy system"))
        add_panel(DeskPanel("legacy", "migration/desk_legacy.html", desk_panel))
        search_beside("archive", archived_children)
        stands_beside("archive", archived_records_exist)
