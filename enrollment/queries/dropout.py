"""Event dropout of a school year: by grade, and the children behind each number."""

from dataclasses import dataclass
from datetime import date

from enrollment.models import Enrollment
from enrollment.rules.codes import Dropout, code_set, exit_code, exit_codes
from enrollment.rules.dropout import dropout_grades, is_dropout
from organizations.models import District
from organizations.rules.calendar import SchoolYearDates
from organizations.rules.profiles import Profile


@dataclass(frozen=True)
class YearEnd:
    """How the year ended for a child of grades 7 to 12."""

    student_id: int
    grade: str
    exit_code: str
    last_day: date | None
    dropped_out: bool


def year_ends(district: District, year: SchoolYearDates) -> list[YearEnd]:
    """Each child by the last enrollment that touches the year; who came back did not drop out."""
    profile = Profile(district.state.profile)
    rows = (
        Enrollment.objects.of_one_child()
        .filter(stage=5, no_show=False, first_day__lte=year.last_day, grade__in=dropout_grades())
        .exclude(last_day__lt=year.first_day)
    )
    mine = rows.filter(district=district).values("student_id")
    last = (
        rows.filter(student__in=mine).order_by("student_id", "-first_day", "-pk").distinct("student_id")
    ).values_list("student_id", "district_id", "grade", "exit_code", "effective_exit_code", "last_day")
    return [
        _year_end(pk, grade, effective or given, left, profile, year)
        for pk, of, grade, given, effective, left in last
        if of == district.pk
    ]


def _year_end(
    pk: int, grade: str, counts: str, left: date | None, profile: Profile, year: SchoolYearDates
) -> YearEnd:
    dropped_out = is_dropout(exit_code(profile, counts), grade, left, year)
    return YearEnd(pk, grade, counts, left, dropped_out)


def is_stated(profile: Profile) -> bool:
    """Do the state's documents say which exits count?"""
    used = code_set(profile)
    return any(row.counts_as_dropout != Dropout.NOT_STATED for row in exit_codes() if row.profile == used)
