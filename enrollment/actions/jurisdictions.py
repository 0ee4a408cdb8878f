"""Responsibility follows enrollment: an entry begins it, an exit ends it unless special education goes on."""

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import F, QuerySet

from enrollment.facts import profile_of
from enrollment.models import Enrollment, SedsState
from enrollment.rules.codes import EnrollmentRoster, ExitCode, exit_code
from journal.actions import record
from organizations.models import District, Site
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.models import Jurisdiction, Student
from ui.dates import in_words

LEFT_THE_ROSTER = (SedsState.NOT_ON, SedsState.AUTO_EXITED, SedsState.ADMIN_EXITED)
ONE_DAY = timedelta(days=1)


def begin(
    *, by: User, student: Student, district: District, site: Site | None, on: date, takes_over: bool,
    local_id: str,
) -> Jurisdiction:  # fmt: skip
    """The district answers for the child from this day on; access was checked by the entry. Without a site,
    the child attends none of its schools.

    Raises RuleBroken: another district still has the child enrolled, answers until a later day, or its
    responsibility would end without anybody having said so (`takes_over`).
    """
    with scope.elevated():
        rows = list(student.jurisdictions.filter(contested=False).select_related("district"))
        for other in (row for row in rows if row.district_id != district.pk and _reaches(row, on)):
            _hand_over(by, other, district, on, takes_over)
        if mine := [row for row in rows if row.district_id == district.pk and _reaches(row, on)]:
            return _go_on(mine, site, on, local_id)
        return Jurisdiction.objects.create(
            student=student, district=district, site=site, first_day=on, local_student_id=local_id
        )


def follow(
    enrollment: Enrollment, *, stays_responsible: bool, by: User | None, until: date | None = None
) -> None:
    """After an exit: responsibility ends with the last enrollment here, unless special education goes on.

    `until`: a later day than the exit, when services went on after it.
    """
    if stays_responsible or enrollment.seds_state not in LEFT_THE_ROSTER:
        return
    rows = enrollment.student.enrollments.filter(district=enrollment.district)
    ends = list(rows.exclude(pk=enrollment.pk).values_list("last_day", flat=True))
    if None in ends:
        return
    last = max([until or enrollment.last_day, *ends])
    for row in enrollment.student.jurisdictions.filter(district=enrollment.district, last_day=None):
        row.last_day = max(last, row.first_day)
        row.save(update_fields=["last_day"])
        _tell(by, row, f"{row.district} is responsible until {in_words(row.last_day)}")


def follow_merge(children: Collection[int]) -> None:
    """After a merge or its undoing: what an exit ended meanwhile ends for the record that comes back."""
    with scope.elevated():
        for enrollment in _last_ended(children):
            row = exit_code(profile_of(enrollment.district), enrollment.exit_code)
            if row:
                follow(enrollment, stays_responsible=stays_responsible(row), by=None)


def stays_responsible(row: ExitCode) -> bool:
    """2040: the child goes to a nonpublic school and stays this district's (slides 32-33)."""
    return row.leaves_enrollment_roster == EnrollmentRoster.RE_ENTERED


def _last_ended(children: Collection[int]) -> QuerySet[Enrollment]:
    """Of each child and district that answers since before it, the enrollment that ended last."""
    rows = Enrollment.objects.filter(
        student__in=children, student__jurisdictions__district=F("district"),
        student__jurisdictions__last_day=None, student__jurisdictions__first_day__lte=F("last_day"),
    ).select_related("student", "district__state")  # fmt: skip
    return rows.order_by("student_id", "district_id", "-last_day", "-pk").distinct(
        "student_id", "district_id"
    )


def _reaches(row: Jurisdiction, on: date) -> bool:
    return row.last_day is None or row.last_day >= on


def _hand_over(by: User, other: Jurisdiction, district: District, on: date, takes_over: bool) -> None:
    """The earlier district's responsibility ends the day before; nothing of it ends silently.

    The day of an exit is the first one off its roster (R4.02), so another district can begin on it.
    """
    if reason := _why_not_hand_over(other, on):
        raise RuleBroken(reason, "first_day")
    if not takes_over:
        raise RuleBroken(
            f"{other.district} is responsible for this child since {in_words(other.first_day)}."
            f" Confirm that {district} takes over on {in_words(on)}.",
            "takes_over",
        )
    other.last_day = on - ONE_DAY
    other.save(update_fields=["last_day"])
    _tell(by, other, f"{district} took over on {in_words(on)}; {other.district} was responsible until then")


def _why_not_hand_over(other: Jurisdiction, on: date) -> str | None:
    still_there = other.student.enrollments.filter(district=other.district, no_show=False)
    if still_there.filter(last_day=None).exists():
        return (
            f"{other.district} still has this child enrolled, so nothing was changed."
            f" {other.district} exits the child first; then this entry can be made."
        )
    if later := still_there.filter(last_day__gt=on).order_by("-last_day").first():
        until = in_words(later.last_day)
        return f"{other.district} had this child enrolled until {until}: enter it on that day or later."
    if other.last_day is not None and other.last_day > on and not _never_came(other, on):
        until = in_words(other.last_day)
        return f"{other.district} is responsible until {until}: enter the child on that day or later."
    if other.first_day >= on:
        since = in_words(other.first_day)
        return f"{other.district} is responsible since {since}: enter the child after that day."
    return None


def _never_came(other: Jurisdiction, on: date) -> bool:
    """R3.05: registered there, attending here all along: the no-show does not stand in the way."""
    there = other.student.enrollments.filter(district=other.district, last_day__gt=on)
    return there.exists() and not there.filter(no_show=False).exists()


def _go_on(mine: list[Jurisdiction], site: Site | None, on: date, local_id: str) -> Jurisdiction:
    """Already responsible on that day or soon after: it stays so, at the new site."""
    if len(mine) > 1:
        again = in_words(mine[1].first_day)
        raise RuleBroken(
            f"The child was entered again on {again}: an entry before that overlaps it.", "first_day"
        )
    row = mine[0]
    row.first_day, row.last_day = min(row.first_day, on), None
    if not row.student.enrollments.open().filter(district=row.district_id, first_day__gt=on).exists():
        row.site = site
    row.local_student_id = local_id or row.local_student_id
    row.save(update_fields=["first_day", "last_day", "site", "local_student_id"])
    return row


def _tell(by: User | None, row: Jurisdiction, words: str) -> None:
    record("RESPONSIBILITY_ENDED", words, by=by, student_id=row.student_id, district_id=row.district_id)
