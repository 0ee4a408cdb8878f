"""Lists, exports and reports across all records."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    label = "reports"
    verbose_name = "Reports"

    def ready(self) -> None:
        from organizations.measures import measure
        from reports.figures.leavers import OUTCOMES
        from reports.figures.measures import CHILDREN
        from students.extensions import moves_along

        measure(*CHILDREN)
        moves_along(OUTCOMES)
