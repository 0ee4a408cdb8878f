"""A student moves to a nonpublic school: exit 2040 and entry 1811 as one deed.

Authority: OSSE 2016, slides 31-33.
"""

from datetime import date, timedelta

from django.db import transaction

from enrollment.access import check_may_exit, serves
from enrollment.actions.enter import enter_student
from enrollment.actions.exit import exit_student
from enrollment.facts import profile_of
from enrollment.models import Enrollment
from enrollment.rules.codes import EntryCode, code_set, entry_codes
from organizations.models import Site, SiteKind
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words

ONE_DAY = timedelta(days=1)
CHANGED_SCHOOL = (
    "The school of an enrollment cannot be changed: a student who moves is exited and entered again."
    " To a nonpublic school both are one deed, the transfer to a nonpublic school (2040 and 1811)."
)


def pair_of(enrollment: Enrollment) -> EntryCode | None:
    """The entry that follows an exit without a gap in this state: 1811, which names 2040."""
    used = code_set(profile_of(enrollment.district))
    return next((row for row in entry_codes() if row.profile == used and row.active and row.after_exit), None)


def why_not_transfer(enrollment: Enrollment) -> str | None:
    if pair_of(enrollment) is None:
        return f"{enrollment.district.state} states no pair of codes for a nonpublic placement."
    if enrollment.last_day:
        return f"This enrollment ended on {in_words(enrollment.last_day)}: nobody moves from it."
    return None


@transaction.atomic
def transfer_to_nonpublic(
    *,
    by: User,
    enrollment: Enrollment,
    site: Site,
    first_day: date,
    how_known: str,
    version: int | None = None,
) -> Enrollment:
    """R6.01-R6.05, R4.03: out and in again without a gap day; answers with the new enrollment.

    District and responsible school stay, and the seat at the sending school is kept. Raises NotAllowed,
    RuleBroken, Stale; then nothing at all was changed.
    """
    check_may_exit(by, enrollment)
    if sentence := why_not_transfer(enrollment):
        raise RuleBroken(sentence)
    if site.kind != SiteKind.NONPUBLIC or not serves(site, enrollment.district):
        raise RuleBroken(f"{site} is no nonpublic school of {enrollment.district.state}.", "site")
    if first_day <= enrollment.first_day:
        raise RuleBroken(
            f"The student entered {enrollment.site} on {in_words(enrollment.first_day)}: the move is later.",
            "first_day",
        )
    pair = pair_of(enrollment)
    left = exit_student(
        by=by, enrollment=enrollment, code=pair.after_exit, on=first_day - ONE_DAY, how_known=how_known,
        new_school=site.name, version=version,
    )  # fmt: skip
    return enter_student(
        by=by, child=left.student, district=left.district, site=site, code=pair.code, on=first_day,
        grade=left.grade or left.student.grade,
    )  # fmt: skip
