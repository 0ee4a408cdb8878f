"""Indicators 11 and 12 as pages and files: each number opens its children, of the reader's districts."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from ieps.models import IepStatus
from organizations.rules.calendar import add_months, school_year_of
from reports.rules.youth import Youth
from security import scope
from security.rules.roles import Role
from students.models import PartCHistory, Student
from tests import factories as make
from tests.reports.test_export import get, table

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()
YEAR = school_year_of(TODAY - timedelta(days=400))  # a whole year that is over
CONSENT = YEAR.first_day + timedelta(days=60)


@pytest.fixture
def cypress():
    return make.DistrictFactory(name="Cypress Parish")


def child(district, name: str, **facts):
    return make.StudentFactory(district=district, last_name=name, **facts)


def evaluated(district, name: str, report_after: int | None = None, **facts):
    done = CONSENT + timedelta(days=report_after) if report_after else None
    facts = {
        "outcome": "ELIG" if done else "",
        "determination_date": done,
        "dissemination_date": done,
    } | facts
    return make.EvaluationFactory(
        student=child(district, name), district=district, referral_date=CONSENT, consent_date=CONSENT, **facts
    )


def fill(district, mark: str = "") -> None:
    evaluated(district, f"Early{mark}", 30)
    evaluated(district, f"Late{mark}", 200, delay_reason="OTHER", late_reason="=The psychologist was ill.")
    evaluated(district, f"Never{mark}")
    evaluated(district, f"Absent{mark}", 200, delay_reason="C")
    evaluated(district, f"Again{mark}", 200, kind="REEV")


@pytest.fixture
def supervisor(cypress):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=cypress)


def page_of(client, number: int, **asked: str) -> str:
    return client.get(reverse(f"reports:indicator_{number}"), {"year": YEAR.label, **asked}).content.decode()


def test_indicator_11_counts_and_each_number_opens_its_children(cypress, supervisor, browse):
    make.CalendarFactory(district=cypress)
    fill(cypress)
    client = browse(supervisor)
    page = page_of(client, 11)
    assert "33.3 % in time: 1 ÷ 3" in page
    assert "Again" not in page
    assert f"?year={YEAR.label}&amp;stands=late#children" in page
    late = page_of(client, 11, stands="late")
    assert "Late, Jules" in late
    assert "=The psychologist was ill." in late
    assert "Early, Jules" not in late
    assert "Absent, Jules" in page_of(client, 11, counts="left_out")


def test_another_district_is_neither_counted_nor_shown(cypress, supervisor, browse):
    fill(make.DistrictFactory(name="Bayou Verde Parish"), "Elsewhere")
    make.CalendarFactory(district=cypress)
    page = page_of(browse(supervisor), 11)
    assert "Elsewhere" not in page
    assert "Nobody is counted yet." in page


def test_without_a_calendar_business_days_have_no_due_day(cypress, supervisor, browse):
    fill(cypress)
    page = page_of(browse(supervisor), 11)
    assert "Nobody is counted yet." in page
    assert "No due day" in page


def test_the_state_sees_its_districts_side_by_side(cypress, browse):
    verde = make.DistrictFactory(name="Bayou Verde Parish")
    make.CalendarFactory(district=cypress)
    make.CalendarFactory(district=verde)
    fill(cypress)
    evaluated(verde, "Early", 30)
    page = page_of(browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR)), 11)
    assert "33.3 %" in page
    assert "100.0 %" in page
    assert "50.0 % in time: 2 ÷ 4" in page
    assert f"?year={YEAR.label}&amp;district={cypress.pk}&amp;counts=counted#children" in page


def test_the_file_holds_the_same_children_and_runs_nothing(cypress, supervisor, browse):
    make.CalendarFactory(district=cypress)
    fill(cypress)
    asked = {"district": str(cypress.pk), "year": YEAR.label, "counts": "not_in_time"}
    heads, *rows = table(get(browse(supervisor), "indicator-11", **asked))
    found = {row[0]: dict(zip(heads, row, strict=True)) for row in rows}
    assert set(found) == {"Late", "Never"}
    assert found["Late"]["In words"] == "'=The psychologist was ill."
    assert int(found["Late"]["Days late"]) > 90
    assert found["Never"]["Reason"] == "No reason recorded"


def turning_three(district, name: str, iep_after: int | None = None, **facts):
    day = YEAR.first_day + timedelta(days=100)
    student = child(district, name, birth_date=add_months(day, -36), part_c_history=PartCHistory.YES)
    facts = {"referral_date": day - timedelta(days=150), "consent_date": day - timedelta(days=140)} | facts
    make.EvaluationFactory(student=student, district=district, **facts)
    if iep_after is not None:
        make.IepFactory(
            student=student, district=district, status=IepStatus.OFFICIAL,
            meeting_date=day, first_day=day + timedelta(days=iep_after),
        )  # fmt: skip
    return day


def test_indicator_12_shows_its_formula_and_who_was_late(cypress, supervisor, browse):
    turning_three(cypress, "Ready", 0)
    turning_three(cypress, "Behind", 12)
    turning_three(cypress, "Waiting", consent_date=None, consent_refused_on=YEAR.last_day)
    day = turning_three(cypress, "Refusing", consent_date=None, consent_refused_on=date(2024, 1, 8))
    turning_three(cypress, "Sudden", referral_date=day - timedelta(days=20), consent_date=None)
    turning_three(
        cypress, "Well", outcome="NOTE", determination_date=day - timedelta(days=5),
    )  # fmt: skip
    turning_three(cypress, "Staying")
    with scope.system():
        Student.objects.filter(last_name="Staying").update(part_c_continued_on=day)
    page = page_of(browse(supervisor), 12)
    assert "33.3 % in time: 1 ÷ (7 − 1 − 1 − 1 − 1)" in page
    assert "Behind, Jules" in page
    assert ">12</span>" in page


@pytest.fixture
def youth(cypress):
    """Two that are counted or too young, and two of whom transition is not asked here."""
    met = YEAR.last_day - timedelta(days=60)
    for name, born, category, until in (
        ("Grown", 17, "REG", None), ("Small", 10, "REG", None),
        ("Private", 17, "SP", None), ("Moved", 18, "REG", YEAR.last_day),
    ):  # fmt: skip
        student = child(cypress, name, birth_date=add_months(YEAR.last_day, -12 * born))
        make.ActivityFactory(student=student, district=cypress, first_day=met, last_day=until)
        make.IepFactory(
            student=student, district=cypress, status=IepStatus.SUPERSEDED, kind="REV", meeting_date=met,
            category=category, first_day=met, last_day=met + timedelta(days=364),
        )  # fmt: skip
    make.ActivityFactory(student=student, district=make.DistrictFactory(), first_day=YEAR.last_day)


def test_indicator_13_counts_youth_with_every_part_and_opens_their_checklist(youth, supervisor, browse):
    client = browse(supervisor)
    page = page_of(client, 13, counts="counted")
    assert "0.0 % complete: 0 ÷ 1" in page
    assert "Items 1, 2, 3, 4, 5, 6, 7, 8" in page
    assert "Private, Jules" not in page
    assert "/transition/" in page
    assert "Small, Jules" not in page_of(client, 13)
    heads, row = table(get(client, "indicator-13", year=YEAR.label, counts="counted"))
    assert dict(zip(heads, row, strict=True))["Counts"] == "not complete"


def test_indicator_13_names_whom_it_leaves_out(youth, supervisor, browse):
    heads, *rows = table(get(browse(supervisor), "indicator-13", year=YEAR.label, counts="left_out"))
    found = [dict(zip(heads, row, strict=True)) for row in rows]
    assert {row["Last name"]: row["Stands"] for row in found} == {
        "Private": Youth.NOT_ASKED, "Moved": Youth.ENDED,
    }  # fmt: skip
