"""Every due day shows how it was counted."""

from datetime import date

import pytest

from caseload.account import account_of
from caseload.actions.dirty import count_child
from caseload.models import Deadline
from notices.models import Notice
from organizations.models import ClosedDay
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
CONSENT, DUE = date(2026, 9, 1), date(2026, 11, 24)


@pytest.fixture
def parish():
    district = make.DistrictFactory()
    calendar = make.CalendarFactory(district=district)
    ClosedDay.objects.create(calendar=calendar, day=date(2026, 9, 7), reason="Labor Day")
    return district


@pytest.fixture
def child(parish):
    return make.StudentFactory(district=parish)


def evaluation_of(child, **more):
    return make.EvaluationFactory(
        student=child,
        kind="INIT",
        consent_date=CONSENT,
        outcome="",
        district=child.access.get().district,
        **more,
    )


def stored(child, number: str = "D02") -> Deadline:
    with scope.system():
        count_child(child.pk)
        return Deadline.objects.select_related("student__state").get(student=child, number=number)


def told(row) -> dict[date, tuple[str, int | None, str]]:
    with scope.system():
        months = account_of(row).months
    return {
        cell.day: (cell.tone, cell.number, cell.words)
        for _, weeks in months
        for week in weeks
        for cell in week
        if cell.tone
    }


@pytest.fixture
def arranged(child):
    with scope.system():
        evaluation_of(child)
    return stored(child)


def test_each_day_has_its_number_or_why_it_does_not_count(arranged):
    days = told(arranged)
    assert days[CONSENT] == ("start", 0, "consent received")
    assert days[date(2026, 9, 4)] == ("counts", 3, "")
    assert days[date(2026, 9, 5)] == ("not", None, "weekend")
    assert days[date(2026, 9, 7)] == ("not", None, "closed: Labor Day")
    assert days[arranged.due_on] == ("due", 60, "due")


def test_an_extension_is_told_with_its_reason(child):
    with scope.system():
        evaluation_of(child, extended_to=date(2027, 1, 15), extension_code="PAR")
    days = told(stored(child))
    assert days[date(2026, 11, 25)][1] == 60
    assert days[date(2027, 1, 15)] == (
        "due",
        None,
        "extended: Parent repeatedly fails or refuses to produce the student",
    )


def test_the_page_shows_rule_source_and_the_day_before_a_calendar_changed(browse, child, parish, arranged):
    me = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)
    ClosedDay.objects.create(calendar=parish.calendars.get(), day=date(2026, 10, 14), reason="storm")
    page = browse(me).get(f"/deadlines/{arranged.pk}/").content.decode()
    for words in (
        "due Nov 26, 2026",
        "closed: storm",
        "LAC 28:XLIII.302.C",
        "Consent Sep 1, 2026 + 60 business days",
    ):
        assert words in page
    assert "Days that it had before" in page
    assert "Nov 25, 2026" in page


@pytest.mark.rule("DEADLINE-D21")
def test_days_before_a_meeting_are_counted_back(browse, child, parish):
    with scope.system():
        notice = Notice.objects.create(
            student=child, district=parish, kind="MEETING", event_on=date(2026, 10, 20)
        )
    row = stored(child, "D21")
    assert (told(row)[date(2026, 10, 20)][0], told(row)[row.due_on][0]) == ("start", "due")
    me = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)
    page = browse(me).get(f"/deadlines/{row.pk}/").content.decode()
    assert "Meeting on Oct 20, 2026, 10 calendar days before" in page
    assert f"/parents/notices/{notice.pk}/" in page


def test_another_district_does_not_find_it(browse, arranged):
    stranger = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=make.DistrictFactory())
    assert browse(stranger).get(f"/deadlines/{arranged.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["D37", "D38"])
def test_a_day_that_another_table_gives_is_told_in_two_steps(child, parish, number):
    make.ActivityFactory(student=child, district=parish)
    make.EnrollmentFactory(
        student=child, district=parish, exit_code="1941", last_day=date(2026, 10, 1),
        documentation_due=date(2026, 10, 6),
    )  # fmt: skip
    row = stored(child, number)
    with scope.system():
        steps = account_of(row).steps
    assert (steps[0].day, steps[-1].day) == (row.starts_on, row.due_on)


def test_the_tab_of_a_student_lists_them(browse, child, parish, arranged):
    me = make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)
    page = browse(me).get(f"/students/{child.pk}/?tab=deadlines").content.decode()
    assert f"/deadlines/{arranged.pk}/" in page
    assert "Answer to the referral" in page
