"""What the end of a school year means for one child among many: does it enter again, in which grade."""

from dataclasses import dataclass
from enum import StrEnum

from organizations.rules.places import grade_level, grades

KINDERGARTEN, FIRST, LAST = "25", "01", "12"
BEFORE_SCHOOL = {"18": "24", "24": KINDERGARTEN, KINDERGARTEN: FIRST}


class Then(StrEnum):
    """What becomes of one child, where it differs from what is said for all."""

    AS_ALL = ""
    NEXT_GRADE = "next"
    SAME_GRADE = "same"
    LEAVES = "leaves"
    LEFT_OUT = "out"


@dataclass(frozen=True)
class NextYear:
    """Where a child enters again: `grade` is empty for one who does not; `why` says so in words."""

    grade: str = ""
    why: str = ""


def next_grade(grade: str) -> str:
    """The grade after this one; empty after the last and for a grade that has no next one."""
    if grade in BEFORE_SCHOOL:
        return BEFORE_SCHOOL[grade]
    level = grade_level(grade)
    following = f"{level + 1:02}" if level else ""
    return following if any(row.grade == following for row in grades()) else ""


def next_year(grade: str, for_all: Then, of_child: Then) -> NextYear:
    """Whether and in which grade a child enters again. A graduate of the last grade does not."""
    wanted = for_all if of_child == Then.AS_ALL else of_child
    if wanted == Then.LEAVES:
        return NextYear()
    if wanted == Then.SAME_GRADE:
        return NextYear(grade)
    if following := next_grade(grade):
        return NextYear(following)
    if grade == LAST:
        return NextYear(why="The last grade: the student does not enter again.")
    return NextYear(grade, "This grade has no next one: the student stays in it.")
