"""A student enters. Authority: OSSE 2016, slides 20-22, 31-33."""

from dataclasses import dataclass, replace
from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_enter, serves
from enrollment.actions import consequences, jurisdictions
from enrollment.actions.audit import audit_student
from enrollment.facts import calendar_of, has_special_education, profile_of, special_education, year_of
from enrollment.models import Enrollment, SedsState
from enrollment.rules.backdating import lag_days
from enrollment.rules.codes import EntryCode, entry_code
from enrollment.rules.entries import why_not_enter, why_not_yet
from enrollment.rules.facts import ATTENDING, REGISTERED, EntryFacts
from enrollment.rules.seds import SedsEvent, next_state
from enrollment.rules.seds import SedsState as Standing
from journal.actions import record
from organizations.models import Calendar, District, Site
from organizations.rules.places import grades
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.actions.register import Child, current, known_or_new
from students.models import Student
from ui.dates import in_words

FARTHEST_AHEAD, FARTHEST_BACK = 366, 25 * 366  # days


@dataclass(frozen=True, kw_only=True)
class Papers:
    """What a code asks for: a registration its documents, an attendance its first day."""

    forms_received_on: date | None = None
    agreement_received_on: date | None = None
    first_attended: date | None = None


@transaction.atomic
def enter_student(
    *,
    by: User,
    child: Student | Child,
    district: District,
    site: Site,
    code: str,
    on: date,
    grade: str,
    papers: Papers | None = None,
    local_student_id: str = "",
    takes_over: bool = False,
    announced: bool = False,
) -> Enrollment:
    """The child, known or new, enters the site under the district's responsibility from the day `on`.

    The same entry sent again answers with what was saved. Responsibility of another district ends only with
    `takes_over`, and never while that district still has the child enrolled. `announced`: the papers may name
    days ahead, as at the end of a year for the next one. Raises NotAllowed, RuleBroken.
    """
    check_may_enter(by, district, site)
    row = _code(district, code)
    _check_place_and_day(district, site, on)
    if not announced:
        _check_has_come(papers or Papers())
    with scope.elevated():
        student = _student(by, child, district)
        if same := _already(student, Enrollment(district=district, site=site, first_day=on, entry_code=code)):
            return same
        _check_child(student, on, grade)
        entry = _prepared(student, district, site, row, on, papers or Papers())
        _check_free(student, site, on)
        jurisdictions.begin(
            by=by, student=student, district=district, site=site, on=on,
            takes_over=takes_over, local_id=local_student_id,
        )  # fmt: skip
        _come_back(student)
        _bring_special_education(student, district, on)
        entry.grade = grade
        entry.save()
        _keep_grade(student, grade)
        consequences.after_entry(entry, by=by)
    audit_student(student.pk)
    _tell(entry, by)
    return entry


def _already(student: Student, sent: Enrollment) -> Enrollment | None:
    """The same entry, saved before."""
    rows = student.enrollments.filter(site=sent.site, district=sent.district, no_show=False)
    return rows.filter(first_day=sent.first_day, entry_code=sent.entry_code).first()


def _prepared(
    student: Student, district: District, site: Site, row: EntryCode, on: date, papers: Papers
) -> Enrollment:
    """The enrollment as the code makes it, once its rules are kept; not saved yet."""
    exits = student.enrollments.filter(district=district, last_day__isnull=False)
    previous, calendar = exits.order_by("last_day").last(), calendar_of(district, site.pk, on)
    _check_rules(row, _facts(papers, previous, calendar), on)
    attends = row.stage != REGISTERED
    return Enrollment(
        student=student, district=district, site=site, entry_code=row.code, first_day=on,
        school_year=year_of(district, on), calendar=calendar, stage=row.stage or ATTENDING,
        attended=attends, first_attended=papers.first_attended if attends else None,
        responsible_site=_sending_site(row, previous),
        seds_state=SedsState.ACTIVE if has_special_education(student, on) else SedsState.NOT_ON,
        entry_lag=lag_days(on, timezone.localdate()),
    )  # fmt: skip


def _tell(entry: Enrollment, by: User) -> None:
    record(
        "STUDENT_ENTERED",
        f"entered {entry.site} with {entry.entry_code}, effective {in_words(entry.first_day)}",
        by=by, student_id=entry.student_id, district_id=entry.district_id, enrollment=entry.pk,
        code=entry.entry_code, lag_days=max(0, (timezone.localdate() - entry.first_day).days),
    )  # fmt: skip


def _student(by: User, child: Student | Child, district: District) -> Student:
    if isinstance(child, Student):
        return current(child)
    return known_or_new(by=by, state=district.state, child=child, district=district)


def _code(district: District, code: str) -> EntryCode:
    row = entry_code(profile_of(district), code)
    if row is None:
        raise RuleBroken(f"“{code[:12]}” is not an entry code of {district.state}. Choose one.", "code")
    return row


def _check_place_and_day(district: District, site: Site, on: date) -> None:
    if not serves(site, district):
        raise RuleBroken(f"{site} is a school of another district than {district}.", "site")
    if (on - timezone.localdate()).days > FARTHEST_AHEAD:
        raise RuleBroken(f"{in_words(on)} is more than a year ahead. Check the year.", "first_day")
    if (timezone.localdate() - on).days > FARTHEST_BACK:
        raise RuleBroken(f"{in_words(on)} is more than 25 years back. Check the year.", "first_day")
    if site.last_day and on > site.last_day:
        raise RuleBroken(f"{site} closed on {in_words(site.last_day)}.", "site")


def _check_has_come(papers: Papers) -> None:
    for name, day in vars(papers).items():
        if sentence := why_not_yet(day, timezone.localdate()):
            raise RuleBroken(sentence, name)


def _check_child(student: Student, on: date, grade: str) -> None:
    if on < student.birth_date:
        raise RuleBroken(f"The child was born on {in_words(student.birth_date)}.", "first_day")
    if grade and all(grade != row.grade for row in grades()):
        raise RuleBroken(f"“{grade[:4]}” is not a grade. Choose one.", "grade")


def _facts(papers: Papers, previous: Enrollment | None, calendar: Calendar | None) -> EntryFacts:
    facts = EntryFacts(**vars(papers), first_school_day=calendar and calendar.first_school_day)
    if previous is None:
        return facts
    return replace(facts, previous_exit_code=previous.exit_code, previous_exit_on=previous.last_day)


def _check_rules(row: EntryCode, facts: EntryFacts, on: date) -> None:
    if reason := why_not_enter(row, facts, on):
        raise RuleBroken(reason, _field_of(row, facts, on))


def _field_of(row: EntryCode, facts: EntryFacts, on: date) -> str:
    """Beside which field a refusal of the entry rules is shown."""
    if row.documents_first and not facts.forms_received_on:
        return "forms_received_on"
    if row.documents_first and not facts.agreement_received_on:
        return "agreement_received_on"
    if row.attendance_first and not facts.first_attended:
        return "first_attended"
    return "first_day" if row.documents_first or row.attendance_first else "code"


def _check_free(student: Student, site: Site, on: date) -> None:
    """CHECK-1: two enrollments of one student at one school never share a day."""
    there = student.enrollments.filter(site=site, no_show=False).order_by("first_day")
    if (row := there.filter(last_day=None).first()) is not None:
        if row.stage == REGISTERED:
            raise RuleBroken(
                f"The child is registered at {site} since {in_words(row.first_day)}:"
                " record the first day attended there.",
                "first_day",
            )
        raise RuleBroken(f"The child is enrolled at {site} since {in_words(row.first_day)}.", "first_day")
    if (row := there.filter(last_day__gte=on).last()) is not None:
        raise RuleBroken(
            f"The child was enrolled at {site} until {in_words(row.last_day)}: enter it after that day.",
            "first_day",
        )


def _sending_site(row: EntryCode, previous: Enrollment | None) -> Site | None:
    """R6.04: at a nonpublic placement the sending school stays the responsible one."""
    return (previous.responsible_site or previous.site) if row.after_exit and previous else None


def _come_back(student: Student) -> None:
    """R5.11: an exit from the special education roster that is still pending ends with the return."""
    for earlier in student.enrollments.exclude(seds_state__in=[SedsState.NOT_ON, SedsState.ACTIVE]):
        state = next_state(Standing[earlier.seds_state], SedsEvent.RE_ENTERED)
        if state and earlier.seds_state not in (SedsState.AUTO_EXITED, SedsState.ADMIN_EXITED):
            earlier.seds_state = SedsState[state.name]
            earlier.save(update_fields=["seds_state", "modified_at"])


def _bring_special_education(student: Student, district: District, on: date) -> None:
    """R5.07: it goes on at the district that answers from now on, and leaves the roster of the one before.

    An end that was announced comes along.
    """
    for row in special_education(student, on).exclude(district=district):
        announced, why = row.last_day, row.exit_reason
        row.last_day, row.exit_reason = max(on, row.first_day), ""
        row.save(update_fields=["last_day", "exit_reason"])
        begins = {"first_day": row.last_day, "exit_reason": why}
        student.activities.get_or_create(district=district, last_day=announced, defaults=begins)


def _keep_grade(student: Student, grade: str) -> None:
    if grade and (grade != student.grade or not student.is_active):
        student.grade, student.is_active = grade, True
        student.version += 1
        student.save(update_fields=["grade", "is_active", "version", "modified_at"])
