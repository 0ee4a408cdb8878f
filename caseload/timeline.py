"""What happened to a child, day by day, from all its records."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from caseload.record import StudentRecord
from enrollment.models import Enrollment
from enrollment.rules.codes import entry_code, exit_code
from evaluations.models import Evaluation
from evaluations.rules.codes import exceptionality, outcome
from ieps.models import Iep, IepStatus
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.life import Standing
from organizations.rules.profiles import Profile
from students.facts import grade_name
from ui.dates import in_words
from ui.parts import Event, Status

KINDS = (
    ("", "Everything"),
    ("enr", "Enrollment"),
    ("eval", "Evaluations"),
    ("iep", "IEPs"),
    ("notice", "Journal"),
)
TOLD_BY_THE_RECORDS = {"STUDENT_ENTERED", "STUDENT_EXITED"}
IEP_STATUS = {
    IepStatus.DRAFT: Status("info", "draft", "edit"),
    IepStatus.OFFICIAL: Status("good", "official"),
    IepStatus.OFFICIAL_INCOMPLETE: Status("warn", "official, incomplete"),
    IepStatus.AMENDED: Status("quiet", "amended", "history"),
    IepStatus.SUPERSEDED: Status("quiet", "superseded", "history"),
    IepStatus.DELREQ: Status("warn", "deletion asked for"),
}
BY_THE_DAYS = {
    Standing.FUTURE: Status("info", "official, future", "schedule"),
    Standing.HISTORICAL: Status("quiet", "historical", "history"),
}


def events_of(record: StudentRecord) -> list[Event]:
    """Newest first."""
    events = [
        *_enrollments(record),
        *_responsibility(record),
        *_evaluations(record),
        *_ieps(record),
        *_journal(record),
    ]
    return sorted(events, key=lambda event: event.day, reverse=True)


def address(record: StudentRecord, kind: str, pk: int) -> str:
    return reverse("caseload:event", args=[record.student.pk, kind, pk])


def _enrollments(record: StudentRecord) -> Iterator[Event]:
    for row in record.enrollments:
        url = address(record, "enrollment", row.pk)
        yield Event(row.first_day, f"{entered(row)} {row.site}", "enr", "school", _entry_words(row), url=url)
        if row.last_day:
            title = f"Never came to {row.site}" if row.no_show else f"Left {row.site}"
            yield Event(row.last_day, title, "enr", "logout", exit_words(row), documentation(row), url)


def entered(row: Enrollment) -> str:
    return "Registered at" if row.stage == 4 else "Entered"


def _entry_words(row: Enrollment) -> str:
    grade = grade_name(row.grade)
    return ". ".join(part for part in (grade[:1].upper() + grade[1:], entry_words(row)) if part)


def entry_words(row: Enrollment) -> str:
    """A code is always shown with its meaning."""
    code = entry_code(Profile(row.district.state.profile), row.entry_code)
    return str(code) if code else row.entry_code


def exit_words(row: Enrollment) -> str:
    code = exit_code(Profile(row.district.state.profile), row.exit_code)
    return str(code) if code else row.exit_code


def documentation(row: Enrollment) -> Status | None:
    if row.documentation_accepted_at:
        return Status("good", "documented")
    return Status("warn", "documentation open", "schedule") if row.documentation_due else None


def _responsibility(record: StudentRecord) -> Iterator[Event]:
    """Only changes: the first responsibility begins with the first enrollment."""
    for row in list(record.jurisdictions)[:-1]:
        yield Event(row.first_day, f"{row.district} became responsible", "enr", "people")


def _evaluations(record: StudentRecord) -> Iterator[Event]:
    for row in record.evaluations:
        url = address(record, "evaluation", row.pk)
        name = evaluation_name(row)
        if row.determination_date:
            status = (
                Status("good", "locked", "lock")
                if row.locked
                else Status("info", "not locked yet", "lock_open")
            )
            title = f"{name}: {outcome_name(row).partition(' - ')[0]}"
            yield Event(row.determination_date, title, "eval", "assessment", found_words(row), status, url)
        if row.consent_date:
            yield Event(row.consent_date, "Consent to evaluate received", "eval", "check", name, url=url)
        if row.referral_date and row.referral_date != row.consent_date:
            yield Event(row.referral_date, "Referred for evaluation", "eval", "assessment", name, url=url)


def evaluation_name(row: Evaluation) -> str:
    return row.title


def outcome_name(row: Evaluation) -> str:
    known = outcome(row.outcome)
    return known.name.lower() if known else row.outcome or "in progress"


def found_words(row: Evaluation) -> str:
    """The exceptionalities, the primary one first."""
    found = [(exceptionality(each.code), each.code) for each in row.exceptionalities.all()]
    return ", ".join(known.name if known else code for known, code in found)


def _ieps(record: StudentRecord) -> Iterator[Event]:
    for row in record.ieps:
        if row.status == IepStatus.DELETED:
            continue
        day = row.meeting_date or row.first_day or timezone.localtime(row.created_at).date()
        icon = "edit" if row.status == IepStatus.DRAFT else "verified"
        url = address(record, "iep", row.pk)
        yield Event(day, iep_name(row), "iep", icon, _iep_span(row), iep_status(row), url)


def iep_status(row: Iep) -> Status | None:
    """By the days: official ones that lie ahead, or whose place another one has taken."""
    if row.status == IepStatus.OFFICIAL and row.standing in BY_THE_DAYS:
        return BY_THE_DAYS[row.standing]
    return IEP_STATUS.get(row.status)


def iep_name(row: Iep) -> str:
    return f"{name_of(CodeSet.IEP_TYPE, row.kind) or row.kind} IEP".replace("IEP IEP", "IEP")


def _iep_span(row: Iep) -> str:
    if row.first_day and row.last_day:
        return f"{in_words(row.first_day)} to {in_words(row.last_day)}"
    return ""


def _journal(record: StudentRecord) -> Iterator[Event]:
    for entry in record.entries:
        if entry.kind in TOLD_BY_THE_RECORDS:
            continue
        words = entry.words[:1].upper() + entry.words[1:]
        yield Event(timezone.localtime(entry.at).date(), words, "notice", "history", entry.actor_name)
