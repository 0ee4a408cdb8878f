"""The program records of a child: one for each official IEP, in each school year in which it is given.

Ed-Fi Data Standard 5.0, studentSpecialEducationProgramAssociations. Which value stands for a disability,
setting, service or exit is in descriptors.csv; where there is none, the connection says what becomes of the
record.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from edfi.rules.concerns import concerns
from edfi.rules.enrollments import needs_responsibility, reporting_enrollment
from edfi.rules.facts import (
    ELIGIBLE,
    ConnectionSettings,
    EnrollmentFacts,
    EvaluationFacts,
    Facts,
    IepFacts,
    Profile,
    UnmappedPolicy,
    YearWindow,
)
from edfi.rules.program_end import End, end_of
from edfi.rules.records import PARTICIPATION, NotSent, Payload, Record
from edfi.rules.tables import Condition

MINUTES = 60


@dataclass
class Course:
    """An IEP in a school year, and the codes (descriptor, local code) for which the state has no value."""

    facts: Facts
    iep: IepFacts
    begin: date
    end: End | None
    window: YearWindow
    settings: ConnectionSettings
    today: date
    unmapped: list[tuple[str, str]] = field(default_factory=list)

    @property
    def first_day(self) -> date:
        """The first day in this school year."""
        return max(self.begin, self.window.start)

    @property
    def last_day(self) -> date:
        """The last day in this school year, as far as known."""
        return min(self.end.day if self.end else self.window.end, self.window.end)

    def without(self, condition: Condition, about: str = "", descriptor: str = "") -> NotSent:
        return NotSent(condition, self.iep.id, about, descriptor, PARTICIPATION)


def program_records(facts: Facts, settings: ConnectionSettings, today: date) -> Iterator[Record | NotSent]:
    """Records, reasons not to send, and (`LEFT_OUT`) warnings about records that are sent."""
    windows = [window for window in settings.years if window.programs]
    if not windows or settings.profile is not Profile.PUBLIC:
        return
    for iep in facts.ieps:
        if not iep.id or not concerns(settings, facts, iep.district_id, iep.first_day, iep.last_day):
            continue
        if iep.first_day is None:
            yield NotSent(Condition.IEP_WITHOUT_FIRST_DAY, iep.id, resource=PARTICIPATION)
            continue
        for course in _courses(facts, iep, iep.first_day, windows, settings, today):
            yield from _outcome(course)


def _courses(
    facts: Facts,
    iep: IepFacts,
    begin: date,
    windows: list[YearWindow],
    settings: ConnectionSettings,
    today: date,
) -> Iterator[Course]:
    """Where each year has its ODS, one in each in which the IEP is given; else one, in its first year."""
    end = end_of(facts, iep, begin, today)
    if end and end.day < begin:
        return
    for window in windows:
        begins_here = window.start <= begin <= window.end
        goes_on_here = begin <= window.end and (end is None or end.day >= window.start)
        given = goes_on_here if settings.years_apart else begins_here
        if given and max(begin, window.start) <= today:
            yield Course(facts, iep, begin, end, window, settings, today)


def _outcome(course: Course) -> Iterator[Record | NotSent]:
    """A record that is held names every code that keeps it, so that they can be mapped in one go."""
    try:
        record = _record(course)
    except NotSent as reason:
        yield reason
        return
    held = course.unmapped and course.settings.unmapped_policy is UnmappedPolicy.HOLD
    if not held:
        yield record
    condition = Condition.UNMAPPED_CODE if held else Condition.LEFT_OUT
    for descriptor, code in course.unmapped:
        yield course.without(condition, code, descriptor)


def _record(course: Course) -> Record:
    """Raises NotSent."""
    if not course.facts.student.edfi_id.strip():
        raise course.without(Condition.NO_EDFI_ID)
    settings = course.settings
    owner = settings.program_education_organization_id
    if owner is None:
        raise course.without(Condition.MISSING_FIELD, "programReference.educationOrganizationId")
    key: Payload = {
        "beginDate": course.begin.isoformat(),
        "educationOrganizationId": _school_number(course),
        "programEducationOrganizationId": owner,
        "programName": settings.program_name,
        "programTypeDescriptor": _needed(course, "programType", "SPED"),
        "studentUniqueId": course.facts.student.edfi_id,
    }
    payload = {
        "beginDate": key["beginDate"],
        "educationOrganizationReference": {"educationOrganizationId": key["educationOrganizationId"]},
        "programReference": {
            "educationOrganizationId": owner,
            "programName": key["programName"],
            "programTypeDescriptor": key["programTypeDescriptor"],
        },
        "studentReference": {"studentUniqueId": key["studentUniqueId"]},
        **_days(course),
        **_eligibility(course),
        **_setting(course),
        **_services(course),
        **_exit(course),
    }
    return Record(PARTICIPATION, course.window.year, key, payload, course.iep.id)


def _school_number(course: Course) -> int:
    """Of the first reported enrollment in these days; a school override first. EDFI-R40."""
    enrollment = _enrollment(course)
    number = enrollment.override_school_edfi_id or enrollment.school_edfi_id
    if number is None:
        raise course.without(Condition.NO_SCHOOL_NUMBER)
    return number


def _enrollment(course: Course) -> EnrollmentFacts:
    first, last = course.first_day, course.last_day
    overlapping = [
        row for row in course.facts.enrollments if row.first_day <= last and (row.last_day or last) >= first
    ]
    reason = Condition.NO_SCHOOL_WITH_IEP
    for day in sorted({max(first, row.first_day) for row in overlapping}):
        found = reporting_enrollment(course.facts.enrollments, day)
        if isinstance(found, Condition):
            reason = found
        elif not needs_responsibility(found):
            return found
    raise course.without(reason)


def _days(course: Course) -> Payload:
    days = {"iepBeginDate": course.iep.first_day, "iepEndDate": course.iep.last_day, "endDate": None}
    if course.end:
        days["endDate"] = course.end.day
    return {name: day.isoformat() for name, day in days.items() if day}


def _eligibility(course: Course) -> Payload:
    """The disabilities that the last evaluation found, in their order."""
    evaluation = _last_evaluation(course)
    if evaluation is None:
        return {}
    found = [
        {"disabilityDescriptor": uri, "orderOfDisability": place}
        for place, code in enumerate(evaluation.disabilities, start=1)
        if (uri := _optional(course, "disability", code))
    ]
    day = evaluation.determination_date
    return {
        **({"lastEvaluationDate": day.isoformat()} if day else {}),
        "ideaEligibility": evaluation.outcome == ELIGIBLE and bool(evaluation.disabilities),
        **({"disabilities": found} if found else {}),
    }


def _last_evaluation(course: Course) -> EvaluationFacts | None:
    until = min(course.last_day, course.today)
    locked = [row for row in course.facts.evaluations if row.locked_at and row.determination_date]
    come = [row for row in locked if row.determination_date and row.determination_date <= until]
    return max(come, key=lambda row: (row.determination_date, row.id), default=None)


def _setting(course: Course) -> Payload:
    uri = _optional(course, "specialEducationSetting", course.iep.setting) if course.iep.setting else ""
    payload: Payload = {"specialEducationSettingDescriptor": uri} if uri else {}
    if course.iep.total_minutes:
        payload["schoolHoursPerWeek"] = _hours(course.iep.total_minutes)
    return payload


def _services(course: Course) -> Payload:
    """Each service once, with its first and last day; hours are those that the student takes part in."""
    services: dict[str, Payload] = {}
    for service in sorted(course.iep.services, key=lambda each: (each.first_day, each.code)):
        uri = _optional(course, "specialEducationProgramService", service.code)
        if not uri or uri in services:
            continue
        last = {"serviceEndDate": service.last_day.isoformat()} if service.last_day else {}
        services[uri] = {
            "specialEducationProgramServiceDescriptor": uri,
            "serviceBeginDate": service.first_day.isoformat(),
            **last,
        }
    minutes = sum(service.minutes_a_week for service in course.iep.services)
    return {
        **({"specialEducationProgramServices": list(services.values())} if services else {}),
        **({"specialEducationHoursPerWeek": _hours(minutes)} if minutes else {}),
    }


def _hours(minutes: float) -> float:
    return round(float(minutes) / MINUTES, 2)


def _exit(course: Course) -> Payload:
    """EDFI reasons by the crosswalk of exit codes."""
    end = course.end
    payload: Payload = {}
    if end and end.left_school and (uri := _optional(course, "reasonExited", end.left_school)):
        payload["reasonExitedDescriptor"] = uri
    if end and end.left_special_education:
        payload["specialEducationExitDate"] = end.day.isoformat()
        uri = _optional(course, "specialEducationExitReason", end.reason) if end.reason else ""
        if uri:
            payload["specialEducationExitReasonDescriptor"] = uri
    return payload


def _needed(course: Course, descriptor: str, code: str) -> str:
    if uri := course.settings.descriptors.get((descriptor, code)):
        return uri
    raise course.without(Condition.UNMAPPED_CODE, code, descriptor)


def _optional(course: Course, descriptor: str, code: str) -> str:
    """The state value of a field that a record may lack, or ""."""
    if uri := course.settings.descriptors.get((descriptor, code)):
        return uri
    if (descriptor, code) not in course.unmapped:
        course.unmapped.append((descriptor, code))
    return ""
