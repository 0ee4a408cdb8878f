"""Cohort and dropout as truth tables, and the children behind their numbers."""

import csv
from datetime import date
from pathlib import Path

import pytest

from enrollment.facts import exit_facts
from enrollment.models import Enrollment
from enrollment.queries.cohort import cohort_of
from enrollment.queries.dropout import year_ends
from enrollment.rules.codes import exit_code
from enrollment.rules.cohort import Standing, cohort_year, standing
from enrollment.rules.dropout import is_dropout
from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile
from security import scope
from tests import factories as make

HERE = Path(__file__).parent
OUTCOMES = list(csv.DictReader((HERE / "outcomes.csv").open(encoding="utf-8")))
SEP_4 = date(2026, 9, 4)
THIS_YEAR = school_year_of(SEP_4)


@pytest.mark.parametrize("row", [pytest.param(r, marks=pytest.mark.rule(r["rule"])) for r in OUTCOMES])
def test_what_an_exit_does_to_dropout_count_and_cohort(row):
    code = exit_code(Profile.DC, row["exit_code"])
    assert is_dropout(code, row["grade"], SEP_4, THIS_YEAR) == (row["counts_as_dropout"] == "yes")
    assert standing(code, row["approved"] == "yes") == row["cohort"]


YEARS = [
    pytest.param(5, "09", 2027 + 3, marks=pytest.mark.rule("OSSE-R7.01")),
    pytest.param(5, "T9", 2027 + 3, marks=pytest.mark.rule("OSSE-R7.01")),
    pytest.param(5, "12", 2027, marks=pytest.mark.rule("OSSE-R7.01")),
    pytest.param(5, "08", None, marks=pytest.mark.rule("OSSE-R7.01")),
    pytest.param(4, "09", None, marks=pytest.mark.rule("OSSE-R7.03")),
]
ADULTS = [(5, "", 2027 + 3), (5, "35", 2027 + 3), (5, "12", 2027), (4, "", None)]


@pytest.mark.rule("OSSE-R7.02")
@pytest.mark.parametrize(("stage", "grade", "year"), ADULTS)
def test_an_adult_without_a_grade_begins_as_in_grade_9(stage, grade, year):
    assert cohort_year(stage, grade, SEP_4, adult_program=True) == year


@pytest.mark.parametrize(("stage", "grade", "year"), YEARS)
def test_the_first_entry_decides_the_cohort(stage, grade, year):
    assert cohort_year(stage, grade, SEP_4) == year


@pytest.mark.rule("OSSE-R7.02")
def test_who_attends_a_degree_granting_adult_program_belongs_to_a_cohort(dc):
    evening = make.SiteFactory(state=dc.state, district=dc.mine, adult_program=True)
    there = [
        make.EnrollmentFactory(
            student=make.StudentFactory(state=dc.state),
            district=dc.mine,
            site=site,
            grade="",
            first_day=SEP_4,
        )
        for site in (evening, dc.other)
    ]
    with scope.elevated():
        assert [member.student_id for member in cohort_of(dc.mine, 2030)] == [there[0].student_id]
        known = [exit_facts(row, how_known="", today=SEP_4).adult_program for row in there]
    assert known == [True, False]


@pytest.mark.rule("OSSE-R8.04")
def test_who_came_back_in_the_year_did_not_drop_out(dc, enrolled):
    left, back = enrolled(grade="09"), enrolled(grade="09")
    with scope.elevated():
        Enrollment.objects.filter(pk__in=[left.pk, back.pk]).update(exit_code="1984", last_day=SEP_4)
        make.EnrollmentFactory(
            student=back.student, district=dc.mine, site=dc.other, first_day=date(2026, 10, 1), grade="09"
        )
        ends = {end.student_id: end.dropped_out for end in year_ends(dc.mine, THIS_YEAR)}
    assert ends == {left.student_id: True, back.student_id: False}


@pytest.mark.rule("OSSE-R9.06")
def test_the_code_that_counts_decides_and_not_the_reported_one(dc, enrolled):
    left = enrolled(grade="09")
    with scope.elevated():
        Enrollment.objects.filter(pk=left.pk).update(
            exit_code="1941", effective_exit_code="1984", last_day=SEP_4
        )
        (end,) = year_ends(dc.mine, THIS_YEAR)
        (member,) = cohort_of(dc.mine, 2030)
    assert end.dropped_out
    assert member.standing == Standing.IN


def test_a_member_of_another_districts_cohort_is_not_counted_here(dc, enrolled):
    left = enrolled(grade="09")
    with scope.elevated():
        Enrollment.objects.filter(pk=left.pk).update(exit_code="1964", last_day=SEP_4)
        make.EnrollmentFactory(
            student=left.student, district=dc.theirs, site=dc.neighbour, first_day=SEP_4, grade="09"
        )
        assert cohort_of(dc.mine, 2030) == []
        assert [member.student_id for member in cohort_of(dc.theirs, 2030)] == [left.student_id]
