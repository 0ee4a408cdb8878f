"""Individualized education programs: written, signed, amended."""

from django.apps import AppConfig


class IepsConfig(AppConfig):
    name = "ieps"
    label = "ieps"
    verbose_name = "IEPs"

    def ready(self) -> None:
        from enrollment.queries.audit.plans import know_of_plans
        from ieps import models
        from ieps.due import has_an_iep_due
        from ieps.in_force import IN_FORCE
        from ieps.models import Iep, Service
        from security.extensions import knows_of_ieps_due
        from students.extensions import MovesAlong, moves_along

        moves_along(
            MovesAlong(Iep, "IEPs"),
            MovesAlong(Service, "services"),
            MovesAlong(models.Measurement, "measurements of goals"),
            MovesAlong(models.GoalReport, "reports of progress"),
            MovesAlong(models.ChecklistAnswer, "answers about transition"),
            MovesAlong(models.OutsideIep, "IEPs of other states"),
            MovesAlong(models.ComparableServices, "comparable services"),
        )
        knows_of_ieps_due(has_an_iep_due)
        know_of_plans(IN_FORCE)
