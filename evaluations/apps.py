"""From the referral to the locked eligibility report."""

from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "evaluations"
    label = "evaluations"
    verbose_name = "Evaluations"

    def ready(self) -> None:
        from enrollment.facts import ask_about_pending
        from evaluations.models import Evaluation, LockedReport
        from students.extensions import MovesAlong, moves_along

        moves_along(MovesAlong(Evaluation, "evaluations"), MovesAlong(LockedReport, "locked reports"))
        in_progress = Evaluation.objects.in_progress
        ask_about_pending(lambda student_id: in_progress().filter(student=student_id).exists())
