"""What the page of an evaluation says about notices: what the parents were told, and what is left to tell."""

from collections.abc import Iterator

from django.urls import reverse

from evaluations.models import Evaluation
from notices import access
from notices.models import Notice, Status
from notices.rules.kinds import Kind
from security.models import User
from ui.dates import in_words
from ui.parts import Check


def of_evaluation(user: User, evaluation: Evaluation) -> list[Check]:
    """34 CFR 300.503(a): once there is a determination, the parents are told in writing."""
    rows = Notice.objects.of_evaluation(evaluation.pk).filter(student=evaluation.student_id)
    found = list(rows.exclude(replaced_by__issued_on__isnull=False).prefetch_related("deliveries"))
    return [*_missing(user, evaluation, found), *map(_stands, found), *_more(user, evaluation)]


def _missing(user: User, evaluation: Evaluation, found: list[Notice]) -> Iterator[Check]:
    told = any(notice.kind == Kind.PRIOR_WRITTEN for notice in found)
    if evaluation.determination_date and not told:
        address = reverse("notices:write", args=[evaluation.student_id, Kind.PRIOR_WRITTEN])
        yield Check(
            "warn",
            "No prior written notice about this is written",
            url=f"{address}?evaluation={evaluation.pk}" if _may_write(user, evaluation) else "",
        )


def _stands(notice: Notice) -> Check:
    address = reverse("notices:notice", args=[notice.pk])
    if notice.status == Status.DRAFT:
        return Check("warn", f"{notice.name}: a draft, not issued yet", url=address)
    if delivered := notice.first_delivery:
        return Check("good", f"{notice.name}: delivered {in_words(delivered.on)}", url=address)
    return Check("warn", f"{notice.name}: issued, not delivered yet", url=address)


def _more(user: User, evaluation: Evaluation) -> Iterator[Check]:
    if _may_write(user, evaluation):
        address = reverse("notices:child", args=[evaluation.student_id])
        yield Check("quiet", "Write a notice about this", url=f"{address}?evaluation={evaluation.pk}")


def _may_write(user: User, evaluation: Evaluation) -> bool:
    return access.why_not_write(user, evaluation.student) is None
