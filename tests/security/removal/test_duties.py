"""A change in duties: five business days, two people, and nobody for themselves."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from organizations.models import ClosedDay
from security.actions.assign import assign
from security.actions.depart import depart
from security.actions.duties import change_duties, confirm_role, end_of
from security.models import Assignment, Justification, Notice, User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from security.scope import scope_of
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


@pytest.fixture
def moved(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


def changed(mine, coordinator, moved) -> Justification:
    return change_duties(by=coordinator, user=moved, district=mine, note="moved to Heron High")[0]


def reach_at(user, at, monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    return scope_of(User.objects.get(pk=user.pk))


@pytest.mark.rule("SEC-41")
@pytest.mark.parametrize(
    ("reported", "last_day", "closed"),
    [
        (datetime(2026, 9, 17, 15, tzinfo=UTC), date(2026, 9, 24), []),
        (datetime(2026, 9, 18, 15, tzinfo=UTC), date(2026, 9, 25), []),
        (datetime(2026, 9, 17, 15, tzinfo=UTC), date(2026, 9, 25), [date(2026, 9, 21)]),
        (datetime(2026, 9, 18, 3, tzinfo=UTC), date(2026, 9, 24), []),  # still Thursday in Chicago
    ],
)
def test_five_business_days_by_the_districts_calendar_and_clock(mine, reported, last_day, closed):
    calendar = make.CalendarFactory(district=mine)
    ClosedDay.objects.bulk_create(ClosedDay(calendar=calendar, day=day, reason="storm") for day in closed)
    ends = end_of(mine, reported)
    assert (ends.hour, ends.minute, (ends.date() - last_day).days) == (0, 0, 1)


@pytest.mark.rule("SEC-41")
def test_without_two_confirmations_the_role_ends_by_itself(mine, coordinator, supervisor, moved, monkeypatch):
    row = changed(mine, coordinator, moved)
    assert not confirm_role(by=supervisor, justification=row)
    assert not scope_of(User.objects.get(pk=moved.pk)).is_empty
    assert reach_at(moved, row.ends_at, monkeypatch).is_empty


@pytest.mark.rule("SEC-41")
def test_confirmed_by_both_it_goes_on(mine, coordinator, supervisor, moved, monkeypatch):
    row = changed(mine, coordinator, moved)
    confirm_role(by=coordinator, justification=row)
    assert confirm_role(by=supervisor, justification=row)
    assert Assignment.objects.get(user=moved).end_reason == ""
    assert not reach_at(moved, row.ends_at, monkeypatch).is_empty


@pytest.mark.rule("SEC-41")
def test_one_person_with_both_roles_is_not_two_people(mine, coordinator, moved):
    make_supervisor_too(coordinator, mine)
    row = changed(mine, coordinator, moved)
    confirm_role(by=coordinator, justification=row)
    with pytest.raises(NotAllowed, match="The other approver"):
        confirm_role(by=coordinator, justification=row)


def make_supervisor_too(user, district):
    assign(by=None, user=user, role=Role.SPED_SUPERVISOR, district=district)


@pytest.mark.parametrize(("roles", "said"), [(1, ": 1 role ends after"), (2, ": 2 roles end after")])
def test_both_approvers_read_how_many_roles_end(mine, coordinator, moved, roles, said):
    for _ in range(roles - 1):
        assign(by=None, user=moved, role=Role.READER, district=mine)
    changed(mine, coordinator, moved)
    assert said in Notice.objects.get(user=coordinator).words


@pytest.mark.rule("SEC-14")
def test_nobody_confirms_the_own_role(mine, coordinator, supervisor):
    row = next(row for row in change_duties(by=coordinator, user=supervisor, district=mine, note="promoted"))
    with pytest.raises(NotAllowed, match="your own role"):
        confirm_role(by=supervisor, justification=row)


@pytest.mark.rule("SEC-43")
def test_after_its_end_a_role_is_not_confirmed_back(mine, coordinator, supervisor, moved, monkeypatch):
    row = changed(mine, coordinator, moved)
    confirm_role(by=supervisor, justification=row)
    monkeypatch.setattr("django.utils.timezone.now", lambda: row.ends_at)
    with pytest.raises(NotAllowed, match="has ended"):
        confirm_role(by=coordinator, justification=row)


def test_a_second_click_opens_nothing_twice(mine, coordinator, moved):
    changed(mine, coordinator, moved)
    with pytest.raises(RuleBroken, match="ending already"):
        changed(mine, coordinator, moved)
    assert Justification.objects.count() == 1


def test_both_approvers_and_the_person_are_told(mine, coordinator, supervisor, moved):
    changed(mine, coordinator, moved)
    assert set(Notice.objects.values_list("user", flat=True)) == {coordinator.pk, supervisor.pk, moved.pk}


def test_a_change_without_words_is_refused(mine, coordinator, moved):
    with pytest.raises(RuleBroken, match="what changed"):
        change_duties(by=coordinator, user=moved, district=mine, note=" ", at=timezone.now())


@pytest.mark.rule("SEC-41")
def test_a_role_at_a_site_that_the_district_oversees_is_to_be_justified_too(mine, coordinator, supervisor):
    academy = make.AffiliationFactory(district=mine).site
    teacher = make.UserFactory(role=Role.READER, role__site=academy)
    row = changed(mine, coordinator, teacher)
    for person in (coordinator, supervisor):
        confirm_role(by=person, justification=row)
    assert Assignment.objects.get(user=teacher).ended_at is None


def test_a_departure_recorded_meanwhile_still_comes_when_both_confirm(mine, coordinator, supervisor, moved):
    row = changed(mine, coordinator, moved)
    departure = depart(by=coordinator, user=moved, district=mine, ends_at=row.ends_at + timedelta(days=9))
    for person in (coordinator, supervisor):
        confirm_role(by=person, justification=row)
    assert Assignment.objects.get(user=moved).ended_at == departure.ends_at
