"""Who left special education of a district in a school year, and how each stands to indicator 14."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from organizations.models import District
from organizations.rules.calendar import SchoolYearDates
from organizations.rules.profiles import Profile
from reports.federal.records import Wanted, said
from reports.rules.federal.exits import basis
from reports.rules.post_school import Leaver, Left, leaver
from security import scope


@dataclass(frozen=True)
class Line:
    """One child, by its latest exit of the year."""

    student_id: int
    left: Left
    stands: Leaver


def leavers_of(district: District, year: SchoolYearDates, today: date) -> list[Line]:
    """One query, past the reader's scope: ask only for a reader of the whole district."""
    profile, last = Profile(district.state.profile), min(year.last_day, today)
    with scope.elevated():
        rows = list(said(Wanted([district.pk], last, year.first_day)))
    return sorted((_line(profile, row) for row in rows), key=lambda line: (line.left.day, line.student_id))


def _line(profile: Profile, row: Mapping[str, Any]) -> Line:
    left = Left(
        day=row["exit_day"],
        basis=basis(profile, row["exit_reason"], row["exit_day"])[0],
        has_iep=row["has_iep"],
        iep_until=row["iep_until"],
        goes_on=row["goes_on"] or row["came_back"],
    )
    return Line(row["student_id"], left, leaver(left))


def fits(line: Line, chosen: Mapping[str, str]) -> bool:
    """By how it stands, and the basis of the exit."""
    stands, basis_of = line.stands.name.lower(), line.left.basis
    return chosen.get("stands", stands) == stands and chosen.get("basis", basis_of) == basis_of
