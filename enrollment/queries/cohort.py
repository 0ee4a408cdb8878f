"""The graduation cohort of a district: its members, who was taken out, and who waits for approval."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.db.models import Q

from enrollment.models import Enrollment
from enrollment.rules.codes import exit_code
from enrollment.rules.cohort import Standing, cohort_grades, cohort_year, standing
from organizations.models import District
from organizations.rules.profiles import Profile

COLUMNS = (
    "student_id", "district_id", "stage", "grade", "first_day", "last_day", "exit_code",
    "effective_exit_code", "cohort_left_at", "site__adult_program",
)  # fmt: skip


@dataclass(frozen=True)
class CohortMember:
    """`exit_code`: the one that counts, of the last enrollment; `last_day` its day."""

    student_id: int
    standing: Standing
    grade: str
    exit_code: str
    last_day: date | None


def cohort_of(district: District, year: int) -> list[CohortMember]:
    """Members whose last enrollment in these grades is this district's; `year`: the spring of graduation."""
    profile = Profile(district.state.profile)
    members = (_member(list(rows), district.pk, year, profile) for _, rows in _by_student(district, year))
    return [member for member in members if member]


def _by_student(district: District, year: int) -> Iterable[tuple[int, Iterable[dict]]]:
    """All attended years in these grades, and in adult programs, of the children who entered one within five
    years of the cohort."""
    counts = Q(grade__in=cohort_grades()) | Q(site__adult_program=True)
    there = Enrollment.objects.filter(counts, stage=5, no_show=False).of_one_child()
    within = there.filter(
        district=district, first_day__gte=date(year - 5, 7, 1), first_day__lt=date(year + 1, 7, 1)
    )
    rows = there.filter(student__in=within.values("student_id")).order_by("student_id", "first_day", "pk")
    return groupby(rows.values(*COLUMNS), key=lambda row: row["student_id"])


def _member(rows: list[dict], district_id: int, year: int, profile: Profile) -> CohortMember | None:
    first, last = rows[0], rows[-1]
    began = cohort_year(first["stage"], first["grade"], first["first_day"], first["site__adult_program"])
    if began != year:
        return None
    if last["district_id"] != district_id:
        return None
    counts = last["effective_exit_code"] or last["exit_code"]
    stands = standing(exit_code(profile, counts), approved=last["cohort_left_at"] is not None)
    return CohortMember(last["student_id"], stands, last["grade"], counts, last["last_day"])
