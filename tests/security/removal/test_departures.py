"""Employment ends: the roles there, the sessions, at the instant; and nothing comes back by itself."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone

from journal.models import Entry
from security.access import holds
from security.actions.assign import assign, follow_the_calendar
from security.actions.depart import carry_out_due, depart, withdraw_departure
from security.actions.duties import change_duties
from security.models import Assignment, Departure, EndReason, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission, Role
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
def leaver(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


def fresh(user) -> User:
    return User.objects.get(pk=user.pk)


@pytest.mark.rule("SEC-40")
@pytest.mark.rule("DEADLINE-D43")
def test_all_roles_of_the_district_end_at_once_and_those_elsewhere_stay(mine, coordinator, leaver):
    school, elsewhere = make.SiteFactory(district=mine), make.DistrictFactory()
    for place in ({"site": school}, {"district": elsewhere}):
        assign(by=None, user=leaver, role=Role.READER, **place)
    depart(by=coordinator, user=leaver, district=mine, note="moved away")
    reach = scope_of(fresh(leaver))
    assert (reach.district_ids, reach.site_ids) == ((elsewhere.pk,), ())


@pytest.mark.rule("SEC-40")
def test_roles_at_sites_that_the_district_oversees_end_with_it(mine, coordinator, leaver):
    overseen = make.AffiliationFactory(district=mine).site
    of_others = make.AffiliationFactory().site
    for site in (overseen, of_others):
        assign(by=None, user=leaver, role=Role.DATA_MANAGER, site=site)
    depart(by=coordinator, user=leaver, district=mine)
    reach = scope_of(fresh(leaver))
    assert (reach.district_ids, reach.site_ids) == ((), (of_others.pk,))


@pytest.mark.rule("SEC-40")
def test_somebody_signed_in_is_out_at_the_next_click(mine, coordinator, leaver, browse):
    client = browse(leaver)
    assert client.get("/students/").status_code == 200
    depart(by=coordinator, user=leaver, district=mine)
    assert client.get("/students/").url.startswith("/sign-in/")


@pytest.mark.rule("SEC-40")
@pytest.mark.rule("DEADLINE-D43")
def test_an_end_in_the_future_counts_from_its_instant_whether_or_not_anything_has_run(
    mine, coordinator, leaver, monkeypatch
):
    at = timezone.now() + timedelta(hours=2)
    depart(by=coordinator, user=leaver, district=mine, ends_at=at)
    assert scope_of(fresh(leaver)).district_ids == (mine.pk,)
    monkeypatch.setattr("django.utils.timezone.now", lambda: at)
    assert scope_of(fresh(leaver)).is_empty


@pytest.mark.rule("SEC-40")
def test_when_the_instant_comes_sessions_end_and_so_does_what_was_given_meanwhile(
    mine, coordinator, leaver, browse
):
    client, at = browse(leaver), timezone.now() + timedelta(hours=2)
    depart(by=coordinator, user=leaver, district=mine, ends_at=at)
    assign(by=None, user=leaver, role=Role.READER, district=mine)
    assert carry_out_due(at - timedelta(minutes=1)) == 0
    assert (carry_out_due(at), carry_out_due(at)) == (1, 0)
    assert client.get("/students/").url.startswith("/sign-in/")
    assert not Assignment.objects.in_force(at).filter(user=leaver).exists()


@pytest.mark.rule("SEC-43")
def test_who_is_employed_again_gets_nothing_back(mine, coordinator, leaver):
    depart(by=coordinator, user=leaver, district=mine)
    leaver.refresh_from_db()
    leaver.district = mine
    leaver.save()
    follow_the_calendar()
    assert scope_of(fresh(leaver)).is_empty


@pytest.mark.rule("SEC-44")
def test_an_ended_role_keeps_who_when_and_why_and_cannot_be_deleted(mine, coordinator, leaver):
    departure = depart(by=coordinator, user=leaver, district=mine, note="moved away")
    row = Assignment.objects.get(user=leaver)
    assert (row.ended_by, row.ended_at, row.end_reason, row.end_note) == (
        coordinator, departure.ends_at, "EMPLOYMENT_ENDED", "moved away",
    )  # fmt: skip
    for kept in (row, departure):
        with pytest.raises(DatabaseError, match="Cannot delete"), transaction.atomic():
            kept.delete()


def test_a_departure_by_mistake_is_taken_back_before_it_comes(mine, coordinator, leaver):
    departure = depart(by=coordinator, user=leaver, district=mine, ends_at=timezone.now() + timedelta(days=9))
    withdraw_departure(by=coordinator, departure=departure)
    assert Assignment.objects.get(user=leaver).ended_at is None
    assert carry_out_due(timezone.now() + timedelta(days=10)) == 0


def test_nobody_takes_back_the_end_of_the_own_employment(browse, mine, coordinator):
    second = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)
    departure = depart(by=second, user=coordinator, district=mine, ends_at=timezone.now() + timedelta(days=2))
    with pytest.raises(NotAllowed, match="your own employment"):
        withdraw_departure(by=coordinator, departure=departure)
    page = browse(coordinator).get(f"/access/people/{coordinator.pk}/").content.decode()
    assert "your own employment" in page
    assert "Take it back" not in page


def test_the_same_form_sent_twice_records_one_departure(mine, coordinator, leaver):
    at = timezone.now() + timedelta(days=9)
    depart(by=coordinator, user=leaver, district=mine, ends_at=at)
    with pytest.raises(RuleBroken, match="recorded already"):
        depart(by=coordinator, user=leaver, district=mine, ends_at=at)
    assert Departure.objects.count() == 1


@pytest.mark.rule("SEC-41")
def test_taken_back_it_leaves_the_end_after_a_change_in_duties(mine, coordinator, leaver):
    change_duties(by=coordinator, user=leaver, district=mine, note="moved to Heron High")
    planned = Assignment.objects.get(user=leaver).ended_at
    departure = depart(
        by=coordinator, user=leaver, district=mine, ends_at=timezone.now() + timedelta(hours=2)
    )
    withdraw_departure(by=coordinator, departure=departure)
    row = Assignment.objects.get(user=leaver)
    assert (row.ended_at, row.end_reason) == (planned, EndReason.DUTIES_CHANGED)


def test_taken_back_it_leaves_another_departure_as_it_was(mine, coordinator, leaver):
    later, sooner = (
        depart(by=coordinator, user=leaver, district=mine, ends_at=timezone.now() + timedelta(days=days))
        for days in (9, 2)
    )
    withdraw_departure(by=coordinator, departure=sooner)
    assert Assignment.objects.get(user=leaver).ended_at == later.ends_at


@pytest.mark.rule("SEC-43")
def test_a_departure_that_has_come_is_not_taken_back(mine, coordinator, leaver):
    departure = depart(by=coordinator, user=leaver, district=mine)
    with pytest.raises(Stale, match="asked for again"):
        withdraw_departure(by=coordinator, departure=departure)
    assert scope_of(fresh(leaver)).is_empty


def test_only_who_grants_access_there_records_it(mine, leaver):
    stranger = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=make.DistrictFactory())
    with pytest.raises(NotAllowed, match="Cypress Parish"):
        depart(by=stranger, user=leaver, district=mine)
    assert holds(leaver, Permission.VIEW_STUDENTS, mine)
    assert not Departure.objects.exists()


def test_the_journal_tells_of_it_once_for_each_role(mine, coordinator, leaver):
    depart(by=coordinator, user=leaver, district=mine)
    kinds = list(Entry.objects.filter(district_id=mine.pk).order_by("pk").values_list("kind", flat=True))
    assert kinds[-2:] == ["ROLE_ENDED", "EMPLOYMENT_ENDS"]


def test_who_works_elsewhere_by_now_is_not_signed_out_by_an_old_district(mine, coordinator, leaver, browse):
    depart(by=coordinator, user=leaver, district=mine)
    assign(by=None, user=leaver, role=Role.READER, district=make.DistrictFactory())
    client = browse(fresh(leaver))
    with pytest.raises(RuleBroken, match="does not work at Cypress Parish"):
        depart(by=coordinator, user=leaver, district=mine)
    assert client.get("/account/").status_code == 200
