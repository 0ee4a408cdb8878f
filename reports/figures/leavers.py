"""Who left special education of a district in a school year, and how each stands to indicator 14."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q

from enrollment.models import SpecialEducationActivity
from organizations.models import District
from organizations.rules.calendar import SchoolYearDates
from organizations.rules.profiles import Profile
from reports.federal.records import Wanted, said
from reports.models import PostSchoolOutcome
from reports.rules.federal.exits import basis
from reports.rules.post_school import Leaver, Left, Outcome, leaver, parts
from security import scope
from students.extensions import MovesAlong
from students.models import Student

WAITING, ANSWERED = "waiting", "answered"
Key = tuple[int, date]


@dataclass(frozen=True)
class Line:
    """One child, by its latest exit of the year. `exit_id`: the time in special education that it ended."""

    student_id: int
    left: Left
    stands: Leaver
    exit_id: int
    outcome: Outcome | None

    @property
    def answer(self) -> str:
        """Of who is asked: the name of the outcome, or WAITING."""
        if self.stands is not Leaver.ASKED:
            return ""
        return self.outcome.name.lower() if self.outcome else WAITING


def leavers_of(
    district: District, year: SchoolYearDates, today: date, children: Sequence[int] | None = None
) -> list[Line]:
    """All, or of these children. Three queries, past the reader's scope: ask only for a reader of the whole
    district."""
    profile, last = Profile(district.state.profile), min(year.last_day, today)
    with scope.elevated():
        rows = list(said(Wanted([district.pk], last, year.first_day, children)))
        exits = _exits(district, [row["student_id"] for row in rows], year)
        answers = _answers(district, year)
    keys = [(row["student_id"], row["exit_day"]) for row in rows]
    lines = (
        _line(profile, row, exits.get(key, 0), answers.get(key)) for row, key in zip(rows, keys, strict=True)
    )
    return sorted(lines, key=lambda line: (line.left.day, line.student_id))


def _exits(district: District, children: Sequence[int], year: SchoolYearDates) -> dict[Key, int]:
    """The time in special education that each exit ended."""
    rows = SpecialEducationActivity.objects.filter(
        district=district, student__in=children, last_day__range=(year.first_day, year.last_day)
    )
    return {(student, day): pk for pk, student, day in rows.values_list("pk", "student", "last_day")}


def _answers(district: District, year: SchoolYearDates) -> dict[Key, Outcome]:
    rows = PostSchoolOutcome.objects.filter(district=district, left_on__range=(year.first_day, year.last_day))
    found = rows.values_list("student", "left_on", "outcome")
    return {(student, day): Outcome[name] for student, day, name in found}


def _line(profile: Profile, row: Mapping[str, Any], exit_id: int, outcome: Outcome | None) -> Line:
    left = Left(
        day=row["exit_day"],
        basis=basis(profile, row["exit_reason"], row["left_with"] or "", row["exit_day"])[0],
        has_iep=row["has_iep"],
        iep_until=row["iep_until"],
        goes_on=row["goes_on"] or row["came_back"],
    )
    return Line(row["student_id"], left, leaver(left), exit_id, outcome)


def _same_exit(kept: Student, merged: Student) -> Q:
    same = PostSchoolOutcome.objects.filter(
        student=kept, district=OuterRef("district"), left_on=OuterRef("left_on")
    )
    return Q(Exists(same))


OUTCOMES = MovesAlong(PostSchoolOutcome, "answers after school", _same_exit)


def fits(line: Line, chosen: Mapping[str, str]) -> bool:
    """By how it stands, the basis of the exit, the answer, and a part of the indicator."""
    said_of = {"stands": line.stands.name.lower(), "basis": line.left.basis, "answer": line.answer}
    part = chosen.get("part", "")
    return all(chosen.get(name, value) == value for name, value in said_of.items()) and (
        not part or (part == ANSWERED and bool(outcomes([line]))) or _is_in(part, line)
    )


def outcomes(lines: Iterable[Line]) -> list[Outcome]:
    """Of those who are asked and answered."""
    return [
        line.outcome
        for line in lines
        if line.stands is Leaver.ASKED and line.outcome not in (None, Outcome.NO_ANSWER)
    ]


def _is_in(part: str, line: Line) -> bool:
    return any(row.part == part and one.name in row.engaged for row in parts() for one in outcomes([line]))
