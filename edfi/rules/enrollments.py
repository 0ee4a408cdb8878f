"""From which enrollment an evaluation reports: the one active on the determination date, by primacy."""

from collections.abc import Iterable
from datetime import date

from edfi.rules.facts import EnrollmentFacts
from edfi.rules.tables import Condition


def reporting_enrollment(enrollments: Iterable[EnrollmentFacts], day: date) -> EnrollmentFacts | Condition:
    """The enrollment, or why there is none. EDFI-R5, R6, R21, R25, R27; readings A1, A2, A6."""
    active = sorted((e for e in enrollments if e.contains(day)), key=_primacy)
    reasons = [why_not_report(enrollment) for enrollment in active]
    for enrollment, reason in zip(active, reasons, strict=True):
        if reason is None:
            return enrollment
    return next((reason for reason in reasons if reason), Condition.NO_ENROLLMENT)


def why_not_report(enrollment: EnrollmentFacts) -> Condition | None:
    """EDFI-R7 to R10 and R12; No Show wins over Eval Only (C2)."""
    if enrollment.no_show:
        return Condition.NO_SHOW
    if enrollment.excluded and not enrollment.eval_only:
        return Condition.EXCLUDED
    if enrollment.calendar_excluded:
        return Condition.CALENDAR_EXCLUDED
    if enrollment.summer_school:
        return Condition.SUMMER_SCHOOL
    return Condition.SCHOOL_EXCLUDED if enrollment.school_excluded else None


def needs_responsibility(enrollment: EnrollmentFacts) -> bool:
    """Not enrolled, only evaluated: the state reaches the child through a responsibility record. EDFI-R7."""
    return enrollment.excluded and enrollment.eval_only


def _primacy(enrollment: EnrollmentFacts) -> tuple[int, int, int]:
    """State type P, then PPP, service type P, then N; then the latest start, then the oldest row."""
    order = (
        enrollment.state_type == "P",
        enrollment.state_type == "PPP",
        enrollment.service_type == "P",
        enrollment.service_type == "N",
    )
    rank = order.index(True) if any(order) else len(order)
    return rank, -enrollment.first_day.toordinal(), enrollment.id
