"""A student changes the school within its district: the exit and the entry as one deed."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_exit, serves
from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student
from enrollment.models import Enrollment
from enrollment.rules.facts import ATTENDING
from organizations.models import Site, SiteKind
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words

ONE_DAY = timedelta(days=1)


def why_not_move(enrollment: Enrollment) -> str | None:
    if enrollment.last_day:
        return f"This enrollment ended on {in_words(enrollment.last_day)}: nobody moves from it."
    if enrollment.stage != ATTENDING:
        return "This student has not come yet: record the first day, or that the student never came."
    return None


def is_other_school(enrollment: Enrollment, site: Site) -> bool:
    """A public school of the same district. To a nonpublic one leads a deed of its own (R6.01)."""
    return (
        site.kind == SiteKind.PUBLIC and site.pk != enrollment.site_id and serves(site, enrollment.district)
    )


@transaction.atomic
def move_to_school(
    *,
    by: User,
    enrollment: Enrollment,
    site: Site,
    first_day: date,
    exit_code: str,
    entry_code: str,
    how_known: str,
    version: int | None = None,
) -> Enrollment:
    """Out of one school and into another from `first_day`, without a day between; gives the new enrollment.

    Raises NotAllowed, RuleBroken, Stale; then nothing at all was changed.
    """
    check_may_exit(by, enrollment)
    if sentence := why_not_move(enrollment):
        raise RuleBroken(sentence)
    if not is_other_school(enrollment, site):
        raise RuleBroken(f"{site} is no other public school of {enrollment.district}.", "site")
    if first_day <= enrollment.first_day:
        since = in_words(enrollment.first_day)
        raise RuleBroken(f"The student entered {enrollment.site} on {since}: the move is later.", "first_day")
    with _beside(code="exit_code", last_day="first_day"):
        left = exit_student(
            by=by, enrollment=enrollment, code=exit_code, on=first_day - ONE_DAY, how_known=how_known,
            new_school=site.name, version=version,
        )  # fmt: skip
    attended = first_day if first_day <= timezone.localdate() else None
    with _beside(code="entry_code", first_attended="first_day"):
        return enter_student(
            by=by, child=left.student, district=left.district, site=site, code=entry_code, on=first_day,
            grade=left.grade or left.student.grade, papers=Papers(first_attended=attended),
        )  # fmt: skip


@contextmanager
def _beside(**fields: str) -> Iterator[None]:
    """A refusal of one of the two verbs stands beside the field of the deed."""
    try:
        yield
    except RuleBroken as refusal:
        refusal.field = fields.get(refusal.field or "", refusal.field)
        raise
