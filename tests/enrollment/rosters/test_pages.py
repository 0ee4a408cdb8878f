"""The pages about rosters, the year, cohort, dropout and audit: each number opens the children behind it."""

from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from enrollment.actions import exit_student
from enrollment.actions.audit import audit_student
from enrollment.models import Enrollment, Finding
from enrollment.queries.backdating import Month
from enrollment.views.over_the_year import bars, months_of
from organizations.rules.calendar import school_year_of
from security import scope
from security.rules.roles import Role
from tests import factories as make

SEP_4 = date(2026, 9, 4)
PAGES = ("roster", "roster_difference", "over_the_year", "cohort", "dropouts", "findings")


def page_of(client, name: str, **asked: str) -> str:
    answer = client.get(reverse(f"enrollment:{name}"), asked)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_an_empty_page_says_why_it_is_empty(dc, browse, name):
    assert "e-empty" in page_of(browse(dc.registrar), name)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_about_another_district_is_not_there(dc, browse, name):
    answer = browse(dc.registrar).get(reverse(f"enrollment:{name}"), {"district": dc.theirs.pk})
    assert answer.status_code == 404


def test_the_roster_of_a_day_lists_the_children_and_counts_them_by_school(dc, enrolled, browse):
    enrolled(grade="09", last_name="Arceneaux")
    page = page_of(browse(dc.registrar), "roster", day="2026-09-04")
    assert "Arceneaux" in page
    assert f"site={dc.school.pk}&amp;grade=09" in page.replace("&site", "&amp;site").replace(
        "&grade", "&amp;grade"
    )
    assert "Arceneaux" not in page_of(browse(dc.registrar), "roster", day="2026-08-01")


def test_a_day_that_is_no_day_is_said_and_today_shown(dc, browse):
    assert "Shown is today" in page_of(browse(dc.registrar), "roster", day="32 September")


def test_the_difference_says_who_left_and_with_which_code(dc, enrolled, browse):
    left = enrolled(last_name="Guidry")
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=left, code="1941", on=SEP_4)
    page = page_of(browse(dc.registrar), "roster_difference", day="2026-09-03", day2="2026-09-05")
    assert "Guidry" in page
    assert "1941" in page


@pytest.mark.rule("OSSE-R10.01")
@pytest.mark.rule("OSSE-R10.02")
def test_a_backdated_exit_stands_on_the_page_of_the_year_with_its_registrar(dc, enrolled, browse):
    left, today = enrolled(last_name="Guidry"), timezone.localdate()
    on = max(date(2026, 9, 4), left.first_day)
    with scope.of(dc.registrar):
        saved = exit_student(by=dc.registrar, enrollment=left, code="1941", on=on)
    assert saved.exit_lag == (today - on).days
    page = page_of(browse(dc.registrar), "over_the_year", year="2026-27")
    assert "Guidry" in page
    assert dc.registrar.get_full_name() in page


def test_the_numbers_of_the_charts_are_taken_as_a_file(dc, enrolled, browse):
    enrolled()
    client = browse(dc.registrar)
    assert "format=csv" in page_of(client, "over_the_year", year="2026-27")
    lines = page_of(client, "over_the_year", year="2026-27", format="csv").splitlines()
    assert lines[0].startswith("Month,Entries by month,Exits by month")
    assert lines[2].startswith("2026-08,1,0,")


def test_a_finding_is_explained_on_the_page(dc, enrolled, browse):
    child = enrolled(grade="01", birth_date=date(2010, 3, 1)).student_id
    with scope.elevated():
        audit_student(child)
        finding = Finding.objects.open().get(check_number=17)
    client = browse(dc.registrar)
    assert "years of age in grade 01" in page_of(client, "findings")
    client.post(reverse("enrollment:explain_finding", args=[finding.pk]), {"words": "Came late to school."})
    explained = page_of(client, "findings", said="yes")
    assert "Came late to school." in explained
    assert f"{dc.registrar.get_full_name()}, " in explained


@pytest.mark.rule("CHECK-2")
def test_the_other_district_is_named_with_who_answers_there(dc, enrolled, browse):
    theirs = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.theirs, last_name="Thibodeaux")
    child = enrolled().student
    make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour, first_day=date(2026, 9, 1))
    with scope.elevated():
        audit_student(child.pk)
    page = page_of(browse(dc.registrar), "findings", check="2")
    assert theirs.get_full_name() in page


def test_dropouts_by_grade_open_the_children(dc, enrolled, browse):
    left = enrolled(grade="09", last_name="Landry")
    with scope.elevated():
        Enrollment.objects.filter(pk=left.pk).update(exit_code="1984", last_day=SEP_4)
    page = page_of(browse(dc.registrar), "dropouts", year="2026-27", grade="09", stands="counts as dropout")
    assert "Grade 9: 1 of 1" in page
    assert "Landry" in page


@pytest.mark.rule("OSSE-R7.01")
def test_who_is_in_grade_9_stands_in_the_cohort_that_graduates_in_three_years(dc, enrolled, browse):
    enrolled(grade="09", last_name="Landry")
    page = page_of(browse(dc.registrar), "cohort", year="2029-30")
    assert "graduating in spring 2030" in page
    assert "Landry" in page


def test_every_month_of_the_year_so_far_has_its_bar():
    """A month in which nobody came or left is seen as empty; a year without any has no chart."""
    year = school_year_of(date(2025, 10, 1))
    months = months_of(year)
    assert (len(months), months[0], months[6], months[-1]) == (
        12, date(2025, 7, 1), date(2026, 1, 1), date(2026, 6, 1)
    )  # fmt: skip
    october = Month(date(2025, 10, 1), 4, 1, 9)
    assert [bar.n for bar in bars([october], months, "n")] == [0, 0, 0, 4, *[0] * 8]
    assert bars([], months, "n") == []
    ahead = school_year_of(date(2125, 10, 1))
    assert months_of(ahead) == []
