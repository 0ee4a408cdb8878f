"""From the registration (Stage 4) to the first day attended (Stage 5). Authority: OSSE 2016, slides 20-24."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_enter
from enrollment.actions.audit import audit_student
from enrollment.actions.duties import has_come, open_duty
from enrollment.actions.rows import locked
from enrollment.facts import (
    calendar_ahead,
    calendar_on,
    evaluation_pending,
    has_special_education,
    profile_of,
    year_of,
)
from enrollment.models import DutyKind, Enrollment
from enrollment.rules.codes import EntryCode, entry_code
from enrollment.rules.entries import why_not_enter
from enrollment.rules.facts import ATTENDING, REGISTERED, EntryFacts
from enrollment.rules.stages import owes_special_education, whereabouts_since
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import RuleBroken, Stale
from ui.dates import in_words


@transaction.atomic
def attend(
    *, by: User, enrollment: Enrollment, code: str, first_attended: date, version: int | None = None
) -> Enrollment:
    """The registered student came: the Stage 4 enrollment becomes the Stage 5 one (R2.04-R2.06).

    Responsibility stays since the registration, whose day and code the history of the row keeps. The same
    day sent again answers with what was saved. Raises NotAllowed, RuleBroken, Stale.
    """
    check_may_enter(by, enrollment.district, enrollment.site)
    enrollment = locked(enrollment)
    if (enrollment.stage, enrollment.first_attended) == (ATTENDING, first_attended):
        return enrollment
    _check_registered(enrollment, version)
    registered_on, row = enrollment.first_day, _code(enrollment, code)
    _begin(enrollment, row, first_attended)
    with scope.elevated():
        has_come(enrollment, f"attended {enrollment.site} on {in_words(first_attended)}", by=by)
    audit_student(enrollment.student_id)
    record(
        "STUDENT_ATTENDED",
        f"attended {enrollment.site} from {in_words(enrollment.first_day)} with {row.code},"
        f" registered {in_words(registered_on)}",
        by=by, student_id=enrollment.student_id, district_id=enrollment.district_id,
        enrollment=enrollment.pk, code=row.code, lag_days=enrollment.entry_lag,
    )  # fmt: skip
    return enrollment


def follow_registration(enrollment: Enrollment, today: date) -> None:
    """Opens what is owed to a registered child on this day; asked again, nothing is opened twice."""
    special = has_special_education(enrollment.student, today)
    pending = evaluation_pending(enrollment.student_id)
    if owes_special_education(enrollment.stage, has_special_education=special, evaluation_pending=pending):
        _open_once(enrollment, DutyKind.SPECIAL_EDUCATION, enrollment.first_day)
    calendar = calendar_ahead(enrollment, enrollment.first_day)
    since = whereabouts_since(
        enrollment.stage, has_special_education=special, registered_on=enrollment.first_day,
        first_school_day=calendar and calendar.first_school_day, today=today,
    )  # fmt: skip
    if since and not _came_elsewhere_here(enrollment):
        _open_once(enrollment, DutyKind.WHEREABOUTS, since)


def follow_registrations(today: date | None = None) -> int:
    """Every night: the registered children who have not come. Returns how many were looked at."""
    day, looked_at = today or timezone.localdate(), 0
    with scope.system():
        waiting = Enrollment.objects.open().filter(stage=REGISTERED, attended=False)
        for enrollment in waiting.select_related("student", "district__state", "calendar").iterator(500):
            follow_registration(enrollment, day)
            looked_at += 1
    return looked_at


def _open_once(enrollment: Enrollment, kind: DutyKind, since: date) -> None:
    """What was done for this registration is not owed again."""
    if not enrollment.duties.filter(kind=kind).exists():
        open_duty(enrollment, kind, since)


def _came_elsewhere_here(enrollment: Enrollment) -> bool:
    """Attends another school of the same district."""
    rows = enrollment.student.enrollments.filter(district=enrollment.district_id, stage=ATTENDING)
    return rows.filter(last_day=None).exists()


def _check_registered(enrollment: Enrollment, version: int | None) -> None:
    if enrollment.last_day:
        raise RuleBroken(f"This enrollment ended on {in_words(enrollment.last_day)}. Nothing was changed.")
    if enrollment.stage != REGISTERED:
        raise RuleBroken(f"The student attends since {in_words(enrollment.first_day)}. Nothing was changed.")
    if version is not None and version != enrollment.version:
        raise Stale("Somebody else changed this enrollment meanwhile. Look at it as it is now.")


def _code(enrollment: Enrollment, code: str) -> EntryCode:
    row = entry_code(profile_of(enrollment.district), code)
    if row is None or row.stage == REGISTERED or row.after_exit:
        raise RuleBroken("Choose an entry code of Stage 5.", "code")
    return row


def _begin(enrollment: Enrollment, row: EntryCode, first_attended: date) -> None:
    """R2.06: dated the first official school day, or the first day attended when that is later."""
    today = timezone.localdate()
    if first_attended > today:
        raise RuleBroken(f"{in_words(first_attended)} has not come yet.", "first_attended")
    if first_attended < enrollment.first_day:
        said = in_words(enrollment.first_day)
        raise RuleBroken(
            f"The student was registered on {said}: the first day is not before.", "first_attended"
        )
    calendar = calendar_on(enrollment, first_attended)
    opens = calendar.first_school_day if calendar else first_attended
    on = max(first_attended, opens)
    facts = EntryFacts(first_attended=first_attended, first_school_day=opens)
    if reason := why_not_enter(row, facts, on):
        raise RuleBroken(reason, "code")
    enrollment.stage, enrollment.attended, enrollment.first_attended = ATTENDING, True, first_attended
    enrollment.entry_code, enrollment.first_day = row.code, on
    enrollment.calendar, enrollment.school_year = calendar, year_of(enrollment.district, on)
    enrollment.entry_lag = max(0, (today - on).days)
    enrollment.version += 1
    enrollment.save()
