"""Youth dropout ("educational disengagement"): which exits count in a school year.

Authority: OSSE 2016, slides 37-40.
"""

from datetime import date

from enrollment.rules.codes import Dropout, ExitCode
from organizations.rules.calendar import SchoolYearDates
from organizations.rules.places import grade_level, grades

FIRST_LEVEL = 7


def is_dropout(code: ExitCode | None, grade: str, last_day: date | None, year: SchoolYearDates) -> bool:
    """The last status of the year decides (R8.04): ask with the last enrollment that began in the year.

    `code` is the one that counts (R9.06). R8.01-R8.03: listed codes in grades 7 to 12.
    """
    if code is None or last_day is None or not year.first_day <= last_day <= year.last_day:
        return False
    return code.counts_as_dropout == Dropout.GRADES_7_TO_12 and (grade_level(grade) or 0) >= FIRST_LEVEL


def dropout_grades() -> list[str]:
    return [row.grade for row in grades() if row.level and row.level >= FIRST_LEVEL]
