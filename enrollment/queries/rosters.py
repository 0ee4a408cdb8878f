"""Rosters of a district or a site: who was on it on a day, as known at an instant (OSSE R4.04, R10.05).

The days are those of the enrollments; the instant is that of the history. A live row that nothing has changed
since the instant is taken as it is, and only rows changed since are looked up in the history: at the present
instant nothing is. An exit takes the student off on its own day (R4.02), so an enrollment counts on
[first_day, last_day); after 2040 the day of exit still counts, so that the entry behind it leaves no gap
(R4.03).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.db import connection

from enrollment.rules.codes import EnrollmentRoster, exit_codes
from students.models import Student, known_as


class Roster(StrEnum):
    """The state enrollment roster (SLED), and the special education roster (SEDS)."""

    ENROLLMENT = "sled"
    SPECIAL_EDUCATION = "seds"


@dataclass(frozen=True)
class Asked:
    """Whose roster, of which day, as known when; `site_id` and `grade` narrow it."""

    district_id: int
    day: date
    known_at: datetime
    roster: Roster = Roster.ENROLLMENT
    site_id: int | None = None
    grade: str = ""


@dataclass(frozen=True)
class Member:
    student: Student
    enrollment_id: int | None
    site_id: int | None
    grade: str
    entry_code: str
    first_day: date | None


@dataclass(frozen=True)
class Group:
    site_id: int | None
    grade: str
    n: int


def groups(asked: Asked) -> list[Group]:
    """How many children of each school and grade are on it."""
    rows = _rows(asked, "SELECT site_id, grade, count(*) FROM on_roster GROUP BY 1, 2 ORDER BY 1, 2")
    return [Group(site, grade or "", n) for site, grade, n in rows]


def student_ids(asked: Asked) -> set[int]:
    return {pk for (pk,) in _rows(asked, "SELECT student_id FROM on_roster")}


def lines(asked: Asked) -> list[tuple]:
    """(student, enrollment, site, grade, entry code, since) of each child on it, as known at the instant.

    A record that was merged since is told as the child it goes on as; that child's own line comes last.
    """
    return _rows(asked, _AS_TODAY)


class Members(Sequence[Member]):
    """The children on it by name, read in slices; `total` is how many there are."""

    def __init__(self, asked: Asked, total: int) -> None:
        self.asked, self.total = asked, total

    def __len__(self) -> int:
        return self.total

    def __getitem__(self, wanted: Any) -> Any:
        if not isinstance(wanted, slice):
            return self[wanted : wanted + 1][0]
        most = None if wanted.stop is None else wanted.stop - (wanted.start or 0)
        rows = _rows(self.asked, _NAMED, {"most": most, "skip": wanted.start or 0})
        children = known_as([row[0] for row in rows])
        return [Member(children[pk], *rest) for pk, *rest in rows if pk in children]

    def __iter__(self) -> Iterator[Member]:
        return iter(self[:])


def _rows(asked: Asked, select: str, more: dict[str, Any] | None = None) -> list[tuple]:
    query = f"WITH on_roster AS (SELECT * FROM {roster_sql(asked.roster)}) {select}"  # noqa: S608  our own names
    with connection.cursor() as cursor:
        cursor.execute(query, {**params(asked), **(more or {})})
        return cursor.fetchall()


def params(asked: Asked, suffix: str = "") -> dict[str, Any]:
    """The values that `roster_sql` with the same suffix names."""
    values = {
        "district": asked.district_id, "day": asked.day, "known": asked.known_at,
        "site": asked.site_id, "grade": asked.grade, "re_entered": re_entered_codes(),
    }  # fmt: skip
    return {f"{name}{suffix}": value for name, value in values.items()}


def re_entered_codes() -> list[str]:
    """Exits after which the student stays the same district's and enters again (R4.03): 2040."""
    return [row.code for row in exit_codes() if row.leaves_enrollment_roster == EnrollmentRoster.RE_ENTERED]


def roster_sql(roster: Roster, suffix: str = "") -> str:
    """What stands after FROM: one row a child in scope, with the enrollment that puts it there."""
    named = ("district", "day", "known", "re_entered", "site", "grade")
    return f"enrollment_on_{roster}({', '.join(f'%({name}{suffix})s' for name in named)})"


_AS_TODAY = """
    SELECT coalesce(students_goes_on_as(m.kept_id), r.student_id), r.enrollment_id, r.site_id, r.grade,
        r.entry_code, r.first_day
    FROM on_roster r LEFT JOIN students_studentmerge m ON m.merged_id = r.student_id AND m.undone_at IS NULL
    ORDER BY m.id"""
_NAMED = """
    SELECT r.* FROM on_roster r LEFT JOIN students_student s ON s.id = r.student_id
    ORDER BY s.sort_name, s.id LIMIT %(most)s OFFSET %(skip)s"""
