"""What the page of an evaluation says about notices: whether the parents were told of its determination."""

from django.urls import reverse

from evaluations.models import Evaluation
from notices import access
from notices.models import Notice
from notices.rules.kinds import Kind
from security.models import User
from ui.dates import in_words
from ui.parts import Check

PWN = "prior written notice"


def of_evaluation(user: User, evaluation: Evaluation) -> list[Check]:
    """34 CFR 300.503(a): once there is a determination, the parents are told in writing."""
    if evaluation.determination_date is None:
        return []
    rows = Notice.objects.of_evaluation(evaluation.pk).filter(
        student=evaluation.student_id, kind=Kind.PRIOR_WRITTEN
    )
    found = rows.prefetch_related("deliveries").order_by("-issued_on", "-pk").first()
    if found:
        return [_stands(found)]
    may = access.why_not_write(user, evaluation.student) is None
    address = reverse("notices:write", args=[evaluation.student_id, Kind.PRIOR_WRITTEN])
    return [
        Check("warn", f"No {PWN} about this is written", url=f"{address}?evaluation={evaluation.pk}" * may)
    ]


def _stands(notice: Notice) -> Check:
    address = reverse("notices:notice", args=[notice.pk])
    if notice.issued_on is None:
        return Check("warn", f"The {PWN} about this is a draft", url=address)
    if delivered := notice.first_delivery:
        return Check("good", f"The {PWN} was delivered on {in_words(delivered.on)}", url=address)
    return Check("warn", f"The {PWN} is issued, but not delivered", url=address)
