"""Graduation cohort (ACGR): who belongs to one, of which year, and who is taken out of it.

Authority: OSSE 2016, slides 34-36.
"""

from datetime import date
from enum import StrEnum

from enrollment.rules.codes import Cohort, ExitCode
from enrollment.rules.facts import ATTENDING
from organizations.rules.calendar import school_year_of
from organizations.rules.places import grade_level, grades

FIRST_LEVEL, LAST_LEVEL = 9, 12


class Standing(StrEnum):
    """`awaiting`: the exit may take the student out once the state approves, not before (R7.04)."""

    IN = "in the cohort"
    AWAITING = "removal not approved yet"
    REMOVED = "removed, approved"


def cohort_year(stage: int | None, grade: str, first_day: date, adult_program: bool = False) -> int | None:
    """The spring in which a student graduates who entered with this, four years from grade 9; None when the
    entry puts nobody in a cohort (R7.01, R7.03: registered only, or below grade 9).

    R7.02: who enters a degree-granting adult program without such a grade begins as in grade 9.
    """
    level = grade_level(grade) or (FIRST_LEVEL if adult_program else 0)
    if stage != ATTENDING or not FIRST_LEVEL <= level <= LAST_LEVEL:
        return None
    return school_year_of(first_day).last_day.year + LAST_LEVEL - level


def standing(code: ExitCode | None, approved: bool) -> Standing:
    """After the last exit, by the code that counts; without one the student is in (R7.04, R7.05, R7.06)."""
    if code is None or code.leaves_cohort != Cohort.AFTER_APPROVAL:
        return Standing.IN
    return Standing.REMOVED if approved else Standing.AWAITING


def cohort_grades() -> list[str]:
    return [row.grade for row in grades() if row.level and row.level >= FIRST_LEVEL]
