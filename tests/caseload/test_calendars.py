"""A data manager keeps the calendar, and is told what a change moves."""

from datetime import date, timedelta

import pytest

from caseload.actions.calendars import Term, begin_calendar, change_term, close_day, moved_by, open_day
from caseload.actions.dirty import count_child
from caseload.models import Deadline
from journal.models import Entry
from organizations.models import Calendar
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
ONE_DAY = timedelta(days=1)
CONSENT, DUE, STORM = date(2026, 9, 1), date(2026, 11, 24), date(2026, 10, 14)


@pytest.fixture
def calendar():
    return make.CalendarFactory()


@pytest.fixture
def manager(calendar):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=calendar.district)


@pytest.fixture
def child(calendar):
    child = make.StudentFactory(district=calendar.district)
    for kind, more in (("INIT", {}), ("REEV", {"extended_to": date(2027, 1, 29)})):
        make.EvaluationFactory(
            student=child, district=calendar.district, kind=kind, consent_date=CONSENT, outcome="",
            referral_date=None, **more,
        )  # fmt: skip
    return child


def due_days(child) -> set[date]:
    with scope.system():
        count_child(child.pk)
        return set(Deadline.objects.filter(student=child).values_list("due_on", flat=True))


@pytest.mark.parametrize(
    ("day", "moves"),
    [(STORM, 2), (CONSENT, 0), (CONSENT + timedelta(days=1), 2), (DUE, 2), (DUE + timedelta(1), 0)],
)
def test_closing_a_day_moves_what_is_counted_over_it_and_not_extended(manager, calendar, child, day, moves):
    assert due_days(child) == {DUE, date(2027, 1, 29)}
    assert close_day(by=manager, calendar=calendar, day=day, reason="storm") == moves
    moved = DUE + ONE_DAY if moves else DUE
    assert due_days(child) == {moved, date(2027, 1, 29)}
    assert open_day(by=manager, calendar=calendar, day=day) == moves
    assert due_days(child) == {DUE, date(2027, 1, 29)}


def test_summer_school_moves_nothing(manager, calendar, child):
    due_days(child)
    year = calendar.school_year
    summer = begin_calendar(
        by=manager,
        district=calendar.district,
        year=year,
        term=Term(date(2026, 7, 1), date(2026, 7, 31)),
        summer=True,
    )
    assert moved_by(summer, STORM) == 0


@pytest.mark.parametrize(
    ("deed", "field"),
    [
        (lambda by, this: close_day(by=by, calendar=this, day=date(2026, 10, 17), reason="storm"), "day"),
        (lambda by, this: close_day(by=by, calendar=this, day=STORM, reason=" "), "reason"),
        (lambda by, this: change_term(by=by, calendar=this, term=Term(STORM, STORM)), "last"),
        (
            lambda by, this: begin_calendar(
                by=by, district=this.district, year=this.school_year, term=Term(STORM, DUE), summer=False
            ),
            "year",
        ),
        (lambda by, this: open_day(by=by, calendar=this, day=STORM), ""),
    ],
)
def test_what_a_calendar_may_not_say_is_a_sentence(manager, calendar, deed, field):
    with pytest.raises(RuleBroken) as refusal:
        deed(manager, calendar)
    assert (refusal.value.field or "") == field


def test_who_keeps_no_records_of_the_district_may_not(calendar):
    reader = make.UserFactory(role=Role.READER, role__district=calendar.district)
    with pytest.raises(NotAllowed, match="can change its calendar"):
        close_day(by=reader, calendar=calendar, day=STORM, reason="storm")


def test_on_the_page_a_day_is_closed_and_opened(browse, manager, calendar, child):
    due_days(child)
    client, page = browse(manager), f"/calendars/{calendar.pk}/"
    said = client.post(page, {"day": "10/14/2026", "reason": "storm"}, follow=True).content.decode()
    assert "2 due days move; the earlier days stay in the history." in said
    assert "2 open due days counted over it" in said
    opened = client.post(f"{page}open", {"day": "2026-10-14"}, follow=True).content.decode()
    assert "Oct 14, 2026 is open again. 2 due days move" in opened
    assert Entry.objects.filter(kind="CALENDAR_CHANGED", district_id=calendar.district_id).count() == 2


def test_a_year_is_begun_on_the_list(browse, manager, calendar):
    year = make.SchoolYearFactory(
        state=calendar.district.state, name="2027-28", first_day=date(2027, 7, 1), last_day=date(2028, 6, 30)
    )
    sent = {"district": calendar.district_id, "year": year.pk, "first": "8/9/2027", "last": "5/19/2028"}
    answer = browse(manager).post("/calendars/", sent)
    begun = Calendar.objects.get(school_year=year)
    assert answer.url == f"/calendars/{begun.pk}/"


def test_another_districts_calendar_is_not_there(browse, calendar):
    stranger = make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())
    assert browse(stranger).get(f"/calendars/{calendar.pk}/").status_code == 404
