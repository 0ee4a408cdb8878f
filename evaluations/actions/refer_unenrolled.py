"""A child in no public school is referred: taught at home, in a private school, younger than three."""

from datetime import date

from django.db import transaction

from enrollment.actions import jurisdictions
from evaluations import access
from evaluations.actions.refer import refer
from evaluations.models import Evaluation
from evaluations.rules.codes import EvaluationType, not_enrolled_as
from organizations.models import District
from organizations.rules.calendar import age_on
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.actions.register import Child, known_or_new


@transaction.atomic
def refer_unenrolled(
    *, by: User, child: Child, district: District, not_enrolled: str, on: date, reason: str
) -> Evaluation:
    """The district that evaluates answers for the child from the referral on, at no site of its own.

    Authority: 34 CFR 300.111 and 300.131 (child find). Raises NotAllowed; RuleBroken: another district
    answers for the child, or the child is enrolled.
    """
    access.check_may_refer_at(by, district)
    _check(child, not_enrolled, on)
    with scope.elevated():
        student = known_or_new(by=by, state=district.state, child=child, district=district)
        responsible = access.responsible_today(student)
        if responsible is None:
            jurisdictions.begin(
                by=by, student=student, district=district, site=None, on=on, takes_over=False, local_id=""
            )
        elif responsible.pk != district.pk:
            raise RuleBroken(
                f"{responsible} answers for this student today, so {responsible} takes the referral.",
                "district",
            )
        if student.enrollments.open().exists():
            raise RuleBroken("This student is enrolled. Refer the student from the page of the student.")
    return refer(
        by=by, student=student, kind=EvaluationType.INITIAL, on=on, reason=reason, not_enrolled=not_enrolled
    )


def _check(child: Child, not_enrolled: str, on: date) -> None:
    row = not_enrolled_as(not_enrolled)
    if row is None:
        raise RuleBroken("Choose why the child is in no public school.", "not_enrolled")
    if row.under_age is not None and age_on(on, child.birth_date) >= row.under_age:
        age = age_on(on, child.birth_date)
        raise RuleBroken(f"“{row.name}” ends at age {row.under_age}; the child was {age}.", "not_enrolled")
