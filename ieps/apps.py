"""Individualized education programs: written, signed, amended."""

from django.apps import AppConfig


class IepsConfig(AppConfig):
    name = "ieps"
    label = "ieps"
    verbose_name = "IEPs"

    def ready(self) -> None:
        from enrollment.queries.audit.plans import know_of_plans
        from ieps.due import has_an_iep_due
        from ieps.in_force import IN_FORCE
        from ieps.models import GoalReport, Iep, Measurement, Service
        from security.extensions import knows_of_ieps_due
        from students.extensions import MovesAlong, moves_along

        moves_along(
            MovesAlong(Iep, "IEPs"),
            MovesAlong(Service, "services"),
            MovesAlong(Measurement, "measurements of goals"),
            MovesAlong(GoalReport, "reports of progress"),
        )
        knows_of_ieps_due(has_an_iep_due)
        know_of_plans(IN_FORCE)
