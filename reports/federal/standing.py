"""From what the records say to what a snapshot holds of a child."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from enrollment.rules.checks import exit_meanings
from evaluations.rules.codes import outcome
from organizations.models import District
from organizations.rules.calendar import age_on, school_year_of
from organizations.rules.profiles import Profile, state_profile
from reports.federal.records import Wanted, said
from reports.models import Kind, Snapshot
from reports.rules.federal.child import Facts, Standing, stands
from reports.rules.federal.exits import ExitFacts, exit_age, stands_as_exit
from reports.rules.federal.tables import submission_year

Line = Mapping[str, Any]
# The columns of SnapshotChild that come from a child's records, in the order in which they are written.
COLUMNS = (
    "student_id", "site_id", "file", "counted", "reasons", "age", "race", "sex", "disability", "environment",
    "english_learner", "basis", "grade", "iep_until", "evaluated_on", "percent", "exit_day", "left_at",
    "school_exit",
)  # fmt: skip
NEAR = timedelta(days=31)  # an exit from the school this close is taken for the same departure


@dataclass(frozen=True)
class Count:
    """Of which district, day and kind; `count_date` is the one by which the ages of exits go."""

    district: District
    kind: str
    day: date
    count_date: date

    @property
    def profile(self) -> Profile:
        return Profile(self.district.state.profile)

    @property
    def first_day(self) -> date | None:
        return school_year_of(self.day).first_day if self.kind == Kind.EXITS else None


def count_of(snapshot: Snapshot) -> Count:
    return Count(snapshot.district, snapshot.kind, snapshot.day, snapshot.count_date)


def live(count: Count, children: Sequence[int] | None = None) -> Iterator[dict[str, Any]]:
    """Each child as a snapshot of now would hold it, by COLUMNS; in the scope of the system."""
    wanted = Wanted([count.district.pk], count.day, count.first_day, children)
    return (held(count, line) for line in said(wanted))


def held(count: Count, line: Line) -> dict[str, Any]:
    of_exits = count.kind == Kind.EXITS
    found = as_exit(count, line) if of_exits else on_count_day(count, line)
    return {
        "student_id": line["student_id"], "site_id": line["site_id"], "file": found.file,
        "counted": found.counted, "reasons": list(found.reasons), "age": found.age, "race": found.race,
        "sex": found.sex, "disability": found.disability, "environment": found.environment[:12],
        "english_learner": found.english_learner, "basis": found.basis, "grade": line["grade"],
        "iep_until": line["iep_until"], "evaluated_on": line["evaluated_on"], "percent": line["percent"],
        "exit_day": line["exit_day"] if of_exits else None,
        "left_at": age_on(line["exit_day"], line["birth_date"]) if of_exits else None,
        "school_exit": school_exit(count.profile, line) if of_exits else "",
    }  # fmt: skip


def on_count_day(count: Count, line: Line) -> Standing:
    decided = outcome(line["outcome"] or "")
    return stands(Facts(
        age_on(count.day, line["birth_date"]), line["grade"] or "", line["sex"], line["hispanic"],
        line["races"], line["exceptionality"], decided.eligible if decided else None, line["environment"],
        line["has_iep"], line["learner"][:1], line["enrolled"], line["elsewhere"],
        submission_year(count.day),
    ))  # fmt: skip


def as_exit(count: Count, line: Line) -> Standing:
    return stands_as_exit(ExitFacts(
        exit_age(line["birth_date"], line["exit_day"], count.count_date), line["sex"], line["hispanic"],
        line["races"], line["exceptionality"], line["environment"], line["learner"][:1],
        line["exit_reason"], line["left_with"] or "", line["exit_day"], line["came_back"], line["goes_on"],
        count.profile, submission_year(count.day),
    ))  # fmt: skip


def school_exit(profile: Profile, line: Line) -> str:
    """What the exit from the school means, where it lies near the exit from special education; or ""."""
    left = line["school_left"]
    if left is None or abs(left - line["exit_day"]) > NEAR:
        return ""
    return _meanings(state_profile(profile).enrollment_codes).get(line["exit_code"], "")


@cache
def _meanings(codes: Profile) -> dict[str, str]:
    return {row.code: row.meaning.value for row in exit_meanings() if row.profile == codes}
