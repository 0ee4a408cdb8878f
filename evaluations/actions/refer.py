"""A referral begins an evaluation."""

from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import refuse_before, refuse_future
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
from evaluations.rules.codes import evaluation_types
from organizations.rules.calendar import in_words
from rulebook.tables import in_force
from security.models import User
from security.refusals import RuleBroken
from students.models import Student


@transaction.atomic
def refer(
    *, by: User, student: Student, kind: str, on: date, reason: str, not_enrolled: str = ""
) -> Evaluation:
    """The student is referred for an evaluation of this kind (rules/evaluation_types.csv).

    The district that answers for the child today takes it on; `not_enrolled` is a code of
    rules/not_enrolled.csv, "" of a child in school. Authority: LAC 28:CI.501.
    Raises NotAllowed, RuleBroken.
    """
    access.check_may_refer(by, student)
    Student.objects.select_for_update().get(pk=student.pk)
    _check(student, kind, on, reason)
    begin(Deed.REFERRED, by=by)
    evaluation = Evaluation.objects.create(
        student=student,
        district=access.responsible_today(student),
        kind=kind,
        not_enrolled=not_enrolled,
        referral_date=on,
        referral_reason=reason.strip(),
        coordinator=by,
        coordinator_staff_id=by.staff_id or "",
    )
    tell(Deed.REFERRED, f"{evaluation.kind_name}, {in_words(on)}", evaluation, by=by)
    return evaluation


def _check(student: Student, kind: str, on: date, reason: str) -> None:
    if kind not in {row.code for row in in_force(evaluation_types(), on)}:
        raise RuleBroken("Choose the type of evaluation.", "kind")
    refuse_future(on, "referral date", "referral_date")
    refuse_before(on, student.birth_date, "referral date", "birth", "referral_date")
    if not reason.strip():
        raise RuleBroken("Say why the student is referred.", "reason")
    if running := student.evaluations.in_progress().filter(kind=kind).first():
        since = in_words(running.referral_date) if running.referral_date else "earlier"
        raise RuleBroken(
            f"An evaluation of this type is in progress already, referred {since}. Go on with that one.",
            "kind",
        )
