"""Who gets an account, and whom the state names: superintendents, administrators, auditors, support."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security.actions.name_role import name_role
from security.actions.new_account import make_account
from security.models import User
from security.queries.people import state_administrators
from security.refusals import NotAllowed, RuleBroken
from security.rules.requests import NAMED_BY_THE_STATE, NOT_ASKED_FOR, why_not_named
from security.rules.roles import Role
from security.scope import scope_of
from tests import factories as make

ANA = {"username": "ana.guidry", "first_name": "Ana", "last_name": "Guidry", "position": "Teacher"}


@pytest.fixture
def state(db):
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.mark.parametrize(
    ("role", "district", "last_day", "field"),
    [
        (Role.SEA_ADMINISTRATOR, False, False, None),
        (Role.SEA_ADMINISTRATOR, True, False, "district"),
        (Role.SUPERINTENDENT, True, False, None),
        (Role.SUPERINTENDENT, False, False, "district"),
        (Role.AUDITOR, False, True, None),
        (Role.AUDITOR, True, True, None),
        (Role.AUDITOR, True, False, "last_day"),
        (Role.SUPPORT, True, False, "district"),
        (Role.SECURITY_COORDINATOR, True, False, "role"),
        (Role.DATA_MANAGER, True, False, "role"),
    ],
)
def test_what_the_state_names_and_where(role, district, last_day, field):
    broken = why_not_named(role, district, last_day)
    assert (broken and broken[0]) == field


def test_every_role_is_asked_for_designated_or_named():
    assert NOT_ASKED_FOR.keys() == NAMED_BY_THE_STATE.keys() | {Role.SECURITY_COORDINATOR}


def test_the_state_names_a_superintendent_who_is_told(browse, state):
    district, ana = make.DistrictFactory(), make.UserFactory(staff_id="A2041")
    typed = {"person": "a2041", "role": "superintendent", "district": district.pk, "reason": "letter"}
    assert browse(state).post("/access/state/name/", typed).url == "/access/state/"
    row = ana.assignments.get()
    assert (row.role, row.district, row.granted_by, row.reason) == (
        "superintendent", district, state, "letter",
    )  # fmt: skip
    assert "named you superintendent" in ana.notices.get().words
    answer = browse(state).post("/access/state/name/", typed)
    assert answer.context["form"].errors["person"] == [f"{ana} has this role already."]


def test_an_auditor_reads_until_the_last_day(state, monkeypatch):
    mine, ana, today = make.DistrictFactory(), make.UserFactory(), timezone.localdate()
    name_role(by=state, user=ana, role=Role.AUDITOR, district=mine, last_day=today, reason="visit")
    assert scope_of(ana).district_ids == (mine.pk,)
    tomorrow = timezone.now() + timedelta(days=1)
    monkeypatch.setattr(timezone, "now", lambda: tomorrow)
    assert scope_of(User.objects.get(pk=ana.pk)).is_empty


@pytest.mark.rule("SEC-14")
def test_nobody_names_themselves_and_no_district_names_anybody(state):
    coordinator, ana = make.DesignationFactory().user, make.UserFactory()
    wanted = {"role": Role.SEA_ADMINISTRATOR, "reason": "letter"}
    with pytest.raises(NotAllowed, match="your own access"):
        name_role(by=state, user=state, **wanted)
    with pytest.raises(NotAllowed, match="Only a state administrator can name"):
        name_role(by=coordinator, user=ana, **wanted)


@pytest.mark.parametrize(
    ("facts", "said"), [({"staff_id": None}, "not linked a staff ID"), ({"is_active": False}, "is closed")]
)
def test_who_cannot_be_named(state, facts, said):
    with pytest.raises(RuleBroken, match=said):
        name_role(by=state, user=make.UserFactory(**facts), role=Role.SUPPORT, reason="new")


def test_a_new_account_signs_in_once_chooses_a_password_and_sees_nothing(browse, state):
    mine = make.DistrictFactory()
    coordinator = make.DesignationFactory(district=mine).user
    page = browse(coordinator).post("/people/new/", ANA | {"district": mine.pk})
    person = User.objects.get(username="ana.guidry")
    assert (str(person), person.district, scope_of(person).is_empty) == ("Ana Guidry", mine, True)
    client = Client()
    client.post("/sign-in/", {"username": "ana.guidry", "password": page.context["plain"]})
    assert client.get("/").url == reverse("security:change_password")
    assert page.context["plain"] not in str(Entry.objects.get(kind="ACCOUNT_MADE").details)


def test_a_coordinator_makes_accounts_of_the_own_district_alone(browse, state):
    coordinator, theirs = make.DesignationFactory().user, make.DistrictFactory()
    page = browse(coordinator).post("/people/new/", ANA | {"district": theirs.pk})
    assert "district" in page.context["form"].errors
    for district in (theirs, None):
        with pytest.raises(NotAllowed, match="can make an account"):
            make_account(by=coordinator, district=district, **ANA)
    assert make_account(by=state, district=None, **ANA)[0].district is None


@pytest.mark.parametrize("username", ["ANA.guidry", "<b>", "ana guidry", "ána"])
def test_a_username_is_plain_and_taken_once(state, username):
    make.UserFactory(username="ana.guidry")
    with pytest.raises(RuleBroken) as broken:
        make_account(by=state, district=None, **ANA | {"username": username})
    assert broken.value.field == "username"


@pytest.mark.django_db
def test_the_operator_gives_the_role_to_the_first_state_administrator_alone():
    for name in ("ana", "ben"):
        make.UserFactory(username=name)
    with pytest.raises(CommandError, match="no open account"):
        call_command("first_administrator", "zoe")
    call_command("first_administrator", "ana", stdout=StringIO())
    with pytest.raises(CommandError, match="There is a state administrator already"):
        call_command("first_administrator", "ben")
    assert [str(user.username) for user in state_administrators()] == ["ana"]
