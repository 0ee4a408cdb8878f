"""To which school year a record belongs."""

from datetime import date

from edfi.rules.facts import ConnectionSettings, EnrollmentFacts, EvaluationFacts, YearPolicy, YearWindow
from edfi.rules.records import NotSent
from edfi.rules.tables import Condition

FIRST_YEAR = 2023


def school_year_of(day: date) -> int:
    """The year in which the school year ends, July to June: 2026 for any day of 2025-26."""
    return day.year + (day.month >= 7)


def scope_date(evaluation: EvaluationFacts, settings: ConnectionSettings) -> date | None:
    """EDFI-R16, R36 as read in C1: consent decides unless the connection says otherwise."""
    if settings.year_policy is YearPolicy.CONSENT:
        return evaluation.consent_date
    return evaluation.determination_date


def scope_window(
    evaluation: EvaluationFacts, enrollment: EnrollmentFacts, settings: ConnectionSettings
) -> YearWindow:
    """The configured year of the record. EDFI-R2, R36 to R39. Raises NotSent."""
    day = scope_date(evaluation, settings)
    by_enrollment = enrollment.school_year if enrollment.eval_only else None
    if day is None:
        raise NotSent(Condition.NO_CONSENT_DATE, evaluation.id)
    year = by_enrollment or year_of_day(day, settings)
    if year < FIRST_YEAR:
        raise NotSent(Condition.BEFORE_2022_23, evaluation.id)
    window = next((window for window in settings.years if window.year == year), None)
    if window is None:
        raise NotSent(Condition.NO_YEAR_CONFIGURATION, evaluation.id, year_name(year))
    if by_enrollment is None and day > window.end:
        raise NotSent(Condition.AFTER_YEAR_END, evaluation.id, year_name(year))
    return window


def year_of_day(day: date, settings: ConnectionSettings) -> int:
    """The configured year in which the day lies, or else the usual one."""
    return next((w.year for w in settings.years if w.start <= day <= w.end), school_year_of(day))


def year_name(year: int) -> str:
    """2026 as "2025-26"."""
    return f"{year - 1}-{year % 100:02}"
