"""Support reaches no student without a grant of that district: for hours, for a reason, over by itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security.actions import support
from security.models import Assignment, SupportGrant, User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown

pytestmark = pytest.mark.django_db
WHY = "The export of September stops at row 900."


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def child(mine):
    make.StudentFactory(district=make.DistrictFactory(), last_name="Elsewhere")
    return make.StudentFactory(district=mine, last_name="Quillfeather")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def sol():
    return make.UserFactory(first_name="Sol", role=Role.SUPPORT)


@pytest.fixture
def asked(sol, mine):
    return support.ask_for_support_access(by=sol, district=mine, hours=2, reason=WHY)


def sees(browse, user) -> str:
    return browse(user).get("/students/").content.decode()


def test_without_a_grant_support_sees_nobody(browse, sol, child):
    assert sol.scope().is_empty
    assert browse(sol).get(reverse("caseload:student", args=[child.pk])).status_code == 404


@pytest.mark.parametrize(
    ("decide", "words"),
    [(support.approve_support_access, "has let you in"), (support.refuse_support_access, "has refused")],
)
def test_the_coordinator_is_told_who_asks_and_support_what_was_decided(coordinator, sol, mine, decide, words):
    asked = support.ask_for_support_access(by=sol, district=mine, hours=2, reason=WHY)
    assert "Sol" in coordinator.notices.get().words
    decide(by=coordinator, grant=asked)
    assert words in sol.notices.get().words


def test_asking_alone_opens_nothing(asked, child):
    assert User.objects.get(pk=asked.user_id).scope().is_empty


def test_approved_it_opens_that_district_to_read(browse, asked, coordinator, child):
    support.approve_support_access(by=coordinator, grant=asked)
    page = sees(browse, User.objects.get(pk=asked.user_id))
    assert "Quillfeather" in page
    assert "Elsewhere" not in page
    assert browse(asked.user).post(f"/students/{child.pk}/enter", {}).status_code in (400, 403)


def test_it_ends_by_itself_at_the_minute(browse, asked, coordinator, child):
    grant = support.approve_support_access(by=coordinator, grant=asked)
    assert grant.ends_at - grant.approved_at == timedelta(hours=2)
    past = timezone.now() - timedelta(hours=2)
    SupportGrant.objects.update(approved_at=past, ends_at=past + timedelta(hours=2))
    assert User.objects.get(pk=asked.user_id).scope().is_empty


def test_it_ends_with_the_role(asked, coordinator):
    support.approve_support_access(by=coordinator, grant=asked)
    Assignment.objects.filter(user=asked.user).update(first_day="2020-07-01", last_day="2020-07-02")
    assert User.objects.get(pk=asked.user_id).scope().is_empty


@pytest.mark.parametrize("by", ["district", "holder"])
def test_district_and_holder_end_it_early(asked, coordinator, by):
    support.approve_support_access(by=coordinator, grant=asked)
    grant = SupportGrant.objects.get()
    support.end_support_access(by=coordinator if by == "district" else asked.user, grant=grant)
    assert User.objects.get(pk=asked.user_id).scope().is_empty


def test_what_is_over_is_not_ended_again_so_that_its_end_stays_true(asked, coordinator):
    support.approve_support_access(by=coordinator, grant=asked)
    stale = SupportGrant.objects.get()
    ended = support.end_support_access(by=coordinator, grant=stale)
    with pytest.raises(Stale, match="ended already"):
        support.end_support_access(by=asked.user, grant=stale)
    assert SupportGrant.objects.get().ended_at == ended.ended_at


def test_a_refused_one_opens_nothing_and_stays_refused(asked, coordinator):
    support.refuse_support_access(by=coordinator, grant=asked)
    with pytest.raises(RuleBroken, match="decided already"):
        support.approve_support_access(by=coordinator, grant=asked)
    assert User.objects.get(pk=asked.user_id).scope().is_empty


def test_two_coordinators_at_once_decide_once(asked, coordinator, mine):
    second = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)
    stale = SupportGrant.objects.get()
    support.approve_support_access(by=coordinator, grant=asked)
    with pytest.raises(RuleBroken, match="decided already: it is open"):
        support.refuse_support_access(by=second, grant=stale)


@pytest.mark.parametrize(
    ("role", "place"),
    [(Role.SEA_ADMINISTRATOR, None), (Role.SPED_SUPERVISOR, "mine"), (Role.SECURITY_COORDINATOR, "theirs"),
     (Role.SUPPORT, None), (None, None)],
)  # fmt: skip
def test_only_the_districts_own_coordinator_approves(asked, mine, role, place):
    places = {"mine": mine, "theirs": make.DistrictFactory()}
    user = make.UserFactory(is_superuser=True, role=role, role__district=places.get(place))
    with pytest.raises(NotAllowed, match="Only a security coordinator of Cypress Parish"):
        support.approve_support_access(by=user, grant=asked)


def test_nobody_approves_their_own(sol, mine):
    Assignment.objects.create(user=sol, role=Role.SECURITY_COORDINATOR, district=mine, first_day="2020-07-01")
    grant = support.ask_for_support_access(by=sol, district=mine, hours=1, reason=WHY)
    with pytest.raises(NotAllowed, match="nobody approves their own"):
        support.approve_support_access(by=sol, grant=grant)


def test_the_database_keeps_it_so(asked):
    now = timezone.now()
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportGrant.objects.update(approved_by=asked.user, approved_at=now, ends_at=now)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportGrant.objects.update(hours=9)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportGrant.objects.update(ends_at=now)


@pytest.mark.parametrize(
    ("hours", "reason", "field"), [(0, WHY, "hours"), (9, WHY, "hours"), (2, "  ", "reason")]
)
def test_it_is_asked_for_hours_and_with_a_reason(sol, mine, hours, reason, field):
    with pytest.raises(RuleBroken) as broken:
        support.ask_for_support_access(by=sol, district=mine, hours=hours, reason=reason)
    assert broken.value.field == field


def test_only_support_asks(mine, coordinator):
    with pytest.raises(NotAllowed, match="Only a support"):
        support.ask_for_support_access(by=coordinator, district=mine, hours=2, reason=WHY)


def test_the_pages_of_both_sides_and_the_journal_of_the_district(browse, sol, mine, coordinator):
    browse(sol).post(reverse("security:support"), {"district": mine.pk, "hours": 2, "reason": WHY})
    grant = SupportGrant.objects.get()
    client = browse(coordinator)
    assert WHY.split()[0] in client.get(reverse("security:support")).content.decode()
    client.post(reverse("security:support_decide", args=[grant.pk, "approve"]))
    assert "until" in browse(sol).get(reverse("security:support")).content.decode()
    kinds = Entry.objects.filter(district_id=mine.pk, kind__startswith="SUPPORT").order_by("at")
    assert list(kinds.values_list("kind", flat=True)) == ["SUPPORT_ASKED", "SUPPORT_APPROVED"]
    assert kinds.first().details["reason"] == WHY


def test_another_district_neither_sees_nor_decides_it(browse, asked):
    stranger = make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=make.DistrictFactory())
    client = browse(stranger)
    assert WHY not in client.get(reverse("security:support")).content.decode()
    assert client.post(reverse("security:support_decide", args=[asked.pk, "approve"])).status_code == 404


def test_letting_support_in_asks_whether_it_is_surely_the_coordinator(browse, asked, coordinator):
    client = browse(coordinator)
    has_just_shown(client, coordinator, "password", ago=3600)
    page = client.post(reverse("security:support_decide", args=[asked.pk, "approve"]))
    assert "Sure it is you?" in page.content.decode()
    assert SupportGrant.objects.get().state == "waiting"


def test_more_hours_than_there_are_is_said_beside_the_field(browse, sol, mine):
    page = browse(sol).post(reverse("security:support"), {"district": mine.pk, "hours": 9, "reason": WHY})
    assert (page.status_code, list(page.context["form"].errors)) == (400, ["hours"])
