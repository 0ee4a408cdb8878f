"""Passwords, and what a coordinator may do to the account of another."""

from contextlib import nullcontext
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security.access import why_not_keep_account, why_not_let_in_anew
from security.actions import accounts
from security.actions.assign import assign
from security.actions.tokens import make_token
from security.models import Absence, ApiToken, Session, User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown
from tests.factories import PASSWORD
from tests.security.test_second_factor import SECRET, password_step

pytestmark = pytest.mark.django_db
NEW = "four quiet herons at dawn"


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(mine):
    return make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine)


@pytest.fixture
def dana(mine):
    return make.UserFactory(username="dana", role=Role.DATA_MANAGER, role__district=mine)


def choose(client: Client, old: str, new: str = NEW):
    typed = {"old_password": old, "new_password1": new, "new_password2": new}
    return client.post(reverse("security:change_password"), typed)


# ---- the own password --------------------------------------------------------------------------------------


@pytest.mark.parametrize("poor", ["short", "password12345", "1q2w3e4r5t6y", "datamanager.dana"])
def test_a_new_password_that_is_short_known_or_ones_own_name_is_refused(browse, dana, poor):
    User.objects.filter(pk=dana.pk).update(username="datamanager.dana")
    page = choose(browse(User.objects.get(pk=dana.pk)), PASSWORD, poor)
    assert page.context["form"].errors["new_password2"]
    assert User.objects.get(pk=dana.pk).check_password(PASSWORD)


def test_the_rules_are_on_the_page(browse, dana):
    page = browse(dana).get(reverse("security:change_password")).content.decode()
    assert "At least 12 characters" in page
    assert "break-ins" in page


def test_guessing_the_present_password_locks_the_account(browse, dana):
    client = browse(dana)
    assert [choose(client, "wrong").status_code for _ in range(5)] == [200, 200, 200, 200, 429]
    assert choose(client, PASSWORD).status_code == 429
    assert Entry.objects.get(kind="LOCKED_OUT").actor_id == dana.pk


def test_signing_in_out_and_a_new_password_are_in_the_journal(dana):
    client = Client()
    password_step(client)
    choose(client, PASSWORD)
    client.post("/sign-out/")
    kinds = Entry.objects.filter(actor_id=dana.pk).order_by("at").values_list("kind", flat=True)
    assert list(kinds) == ["SIGNED_IN", "PASSWORD_CHANGED", "SIGNED_OUT"]


# ---- given by a coordinator --------------------------------------------------------------------------------


def test_a_given_password_works_for_one_sign_in_that_chooses_another(coordinator, dana):
    plain = accounts.give_password(by=coordinator, user=dana, reason="forgotten")
    client = Client()
    client.post("/sign-in/", {"username": "dana", "password": plain})
    assert client.get("/students/").url == reverse("security:change_password")
    assert choose(client, plain).status_code == 302
    assert client.get("/students/").status_code == 200
    assert Client().post("/sign-in/", {"username": "dana", "password": plain}).status_code == 200


def test_a_given_password_is_over_after_its_day(coordinator, dana):
    plain = accounts.give_password(by=coordinator, user=dana, reason="forgotten")
    User.objects.filter(pk=dana.pk).update(password_until=timezone.now() - timedelta(seconds=1))
    assert Client().post("/sign-in/", {"username": "dana", "password": plain}).status_code == 200


def test_a_given_password_leaves_the_second_factor(coordinator, dana):
    TOTP.activate(dana, SECRET)
    plain = accounts.give_password(by=coordinator, user=dana, reason="forgotten")
    answer = Client().post("/sign-in/", {"username": "dana", "password": plain})
    assert answer.url == reverse("mfa_authenticate")


def test_it_ends_sessions_and_tokens_and_the_person_is_told_at_the_next_sign_in(browse, coordinator, dana):
    theirs = browse(dana)
    make_token(by=dana, name="load", reach="read", days=5, second_factor=True)
    page = browse(coordinator).post(
        reverse("security:keep_account", args=[dana.pk, "password"]), {"reason": "forgotten"}
    )
    assert theirs.get("/account/").status_code == 302
    assert not ApiToken.objects.in_force().exists()
    client = Client()
    client.post("/sign-in/", {"username": "dana", "password": page.context["plain"]})
    assert "gave you a new password" in client.get(reverse("security:change_password")).content.decode()
    assert Entry.objects.get(kind="PASSWORD_GIVEN").details == {"user": dana.pk, "reason": "forgotten"}


def test_a_lost_second_factor_is_reset_with_sessions_and_tokens(browse, coordinator, dana):
    TOTP.activate(dana, SECRET)
    make_token(by=dana, name="load", reach="read", days=5, second_factor=True)
    theirs = browse(dana)
    address = reverse("security:keep_account", args=[dana.pk, "second-factor"])
    browse(coordinator).post(address, {"reason": "lost phone"})
    assert not Authenticator.objects.filter(user=dana).exists()
    assert not ApiToken.objects.in_force().exists()
    assert theirs.get("/account/").status_code == 302
    assert "lost phone" in dana.notices.get().words
    assert Entry.objects.get(kind="SECOND_FACTOR_RESET").actor_id == coordinator.pk


@pytest.mark.parametrize("first", ["give_password", "reset_second_factor"])
def test_password_and_second_factor_of_one_person_are_not_given_by_one_person(coordinator, dana, first):
    both = ["give_password", "reset_second_factor"]
    other = getattr(accounts, next(name for name in both if name != first))
    getattr(accounts, first)(by=coordinator, user=dana, reason="lost all")
    with pytest.raises(NotAllowed, match="the other half"):
        other(by=coordinator, user=dana, reason="lost all")
    other(by=make.UserFactory(role=Role.SEA_ADMINISTRATOR), user=dana, reason="lost all")


@pytest.mark.parametrize(("days_since", "refused"), [(None, True), (-1, True), (1, False)])
def test_a_day_between_the_two_is_enough_only_when_the_person_has_signed_in_since(
    coordinator, dana, monkeypatch, days_since, refused
):
    accounts.reset_second_factor(by=coordinator, user=dana, reason="lost phone")
    now = timezone.now()
    dana.last_login = None if days_since is None else now + timedelta(days=days_since)
    monkeypatch.setattr(timezone, "now", lambda: now + timedelta(days=3))
    with pytest.raises(NotAllowed, match="the other half") if refused else nullcontext():
        accounts.give_password(by=coordinator, user=dana, reason="forgotten")


def test_before_a_second_factor_is_set_up_the_state_gives_the_password(coordinator, dana, settings):
    settings.ESER_SECOND_FACTOR = "required"
    with pytest.raises(NotAllowed, match="has not set up a second factor yet"):
        accounts.give_password(by=coordinator, user=dana, reason="forgotten")
    accounts.give_password(by=make.UserFactory(role=Role.SEA_ADMINISTRATOR), user=dana, reason="forgotten")
    newcomer = make.UserFactory(district=coordinator.assignments.get().district)
    accounts.give_password(by=coordinator, user=newcomer, reason="forgotten")
    TOTP.activate(dana, SECRET)
    accounts.give_password(by=coordinator, user=dana, reason="forgotten")


def test_an_account_is_closed_and_opened_again_by_who_keeps_it(browse, coordinator, dana):
    client = browse(coordinator)
    page, keep = reverse("security:kept_account", args=[dana.pk]), "security:keep_account"
    client.post(reverse(keep, args=[dana.pk, "close"]), {"reason": "lost badge"})
    assert not User.objects.get(pk=dana.pk).is_active
    assert "Open the account again" in client.get(page).content.decode()
    twice = client.post(reverse(keep, args=[dana.pk, "close"]), {"reason": "lost badge"})
    assert "closed already" in twice.content.decode()
    client.post(reverse(keep, args=[dana.pk, "open"]), {"reason": "found"})
    assert User.objects.get(pk=dana.pk).is_active
    assert [entry.kind for entry in Entry.objects.filter(kind__startswith="ACCOUNT").order_by("at")] == [
        "ACCOUNT_CLOSED", "ACCOUNT_OPENED",
    ]  # fmt: skip


def test_a_closed_account_that_opens_another_district_is_opened_by_the_state_alone(coordinator, dana):
    assign(by=None, user=dana, role=Role.READER, district=make.DistrictFactory(name="Bayou Verde"))
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    accounts.close_account(by=state, user=dana, reason="lost badge")
    with pytest.raises(NotAllowed, match="also works for Bayou Verde"):
        accounts.open_account(by=coordinator, user=User.objects.get(pk=dana.pk), reason="found")


def test_the_account_of_a_last_coordinator_is_not_closed(coordinator):
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    with pytest.raises(NotAllowed, match="last security coordinator"):
        accounts.close_account(by=state, user=coordinator, reason="left")


def test_it_is_asked_whether_it_is_surely_the_coordinator(browse, coordinator, dana):
    client = browse(coordinator)
    has_just_shown(client, coordinator, "password", ago=3600)
    address = reverse("security:keep_account", args=[dana.pk, "password"])
    assert "Sure it is you?" in client.post(address, {"reason": "forgotten"}).content.decode()
    assert not dana.notices.exists()


@pytest.mark.parametrize(
    "deed", [accounts.give_password, accounts.reset_second_factor, accounts.sign_out_everywhere]
)
def test_without_a_reason_nothing_is_done(coordinator, dana, deed):
    with pytest.raises(RuleBroken, match="Say why"):
        deed(by=coordinator, user=dana, reason=" ")


@pytest.mark.parametrize(
    "deed", [accounts.give_password, accounts.reset_second_factor, accounts.sign_out_everywhere]
)
def test_nobody_does_it_for_the_own_account(coordinator, deed):
    with pytest.raises(NotAllowed, match="Another coordinator"):
        deed(by=coordinator, user=coordinator, reason="in a hurry")


def people(mine) -> dict[str, User]:
    return {
        "nobody": make.UserFactory(),
        "manager": make.UserFactory(role=Role.DATA_MANAGER, role__district=mine),
        "supervisor": make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine),
        "coordinator": make.UserFactory(role=Role.SECURITY_COORDINATOR, role__district=mine),
        "coordinator elsewhere": make.UserFactory(
            role=Role.SECURITY_COORDINATOR, role__district=make.DistrictFactory()
        ),
        "state": make.UserFactory(role=Role.SEA_ADMINISTRATOR),
        "superuser": make.UserFactory(is_superuser=True, is_staff=True),
        "at an academy": make.UserFactory(
            role=Role.READER, role__site=make.AffiliationFactory(district=mine).site
        ),
        "at the school": make.UserFactory(role=Role.READER, role__site=make.SiteFactory(district=mine)),
    }


@pytest.mark.parametrize(
    ("who", "whose", "may"),
    [
        ("coordinator", "manager", True),
        ("coordinator", "at the school", True),
        ("coordinator", "at an academy", True),
        ("coordinator elsewhere", "at an academy", False),
        ("coordinator", "state", False),
        ("coordinator", "nobody", False),
        ("coordinator elsewhere", "manager", False),
        ("state", "manager", True),
        ("state", "nobody", True),
        ("state", "coordinator", True),
        ("supervisor", "manager", False),
        ("manager", "supervisor", False),
        ("superuser", "manager", False),
        ("nobody", "manager", False),
    ],
)
def test_whose_accounts_are_kept_by_whom(mine, who, whose, may):
    known = people(mine)
    assert (why_not_keep_account(known[who], known[whose]) is None) is may


def test_the_account_of_somebody_at_a_site_that_the_district_oversees_is_found(browse, coordinator, mine):
    teacher = make.UserFactory(role=Role.READER, role__site=make.AffiliationFactory(district=mine).site)
    assert str(teacher) in browse(coordinator).get(reverse("security:accounts")).content.decode()
    address = reverse("security:keep_account", args=[teacher.pk, "sign-out"])
    assert browse(coordinator).post(address, {"reason": "left the screen on"}).status_code == 302


@pytest.mark.parametrize("deed", [accounts.give_password, accounts.reset_second_factor])
def test_a_district_does_not_open_an_account_that_opens_another_district_too(mine, dana, deed):
    assign(by=None, user=dana, role=Role.READER, district=make.DistrictFactory(name="Bayou Verde"))
    known = people(mine)
    with pytest.raises(NotAllowed, match="also works for Bayou Verde"):
        deed(by=known["coordinator"], user=dana, reason="forgotten")
    accounts.sign_out_everywhere(by=known["coordinator"], user=dana, reason="left the screen on")
    deed(by=known["state"], user=dana, reason="forgotten")


@pytest.mark.parametrize("how", ["suspended there", "still to begin"])
def test_a_role_elsewhere_that_does_not_count_today_opens_that_district_some_day(
    mine, coordinator, dana, how
):
    other, today = make.DistrictFactory(name="Bayou Verde"), timezone.localdate()
    first = today + timedelta(days=2) if how == "still to begin" else today
    assign(by=None, user=dana, role=Role.READER, district=other, first_day=first)
    if how == "suspended there":
        Absence.objects.create(
            user=dana, district=other, first_missed_on=today, last_missed_on=today,
            suspended_at=timezone.now(),
        )  # fmt: skip
    assert "also works for Bayou Verde" in why_not_let_in_anew(coordinator, User.objects.get(pk=dana.pk))


# ---- flags of the framework --------------------------------------------------------------------------------


@pytest.fixture
def superuser():
    return make.UserFactory(is_superuser=True, is_staff=True)


def test_a_superuser_holds_nothing_by_being_one(superuser, mine):
    make.StudentFactory(district=mine)
    assert superuser.scope().is_empty
    for name in ("view_students", "security.view_students", "auth.change_user"):
        assert not superuser.has_perm(name)
        assert not superuser.has_perm(name, mine)
    assert not superuser.has_module_perms("students")
    assert superuser.get_all_permissions() == set()


def test_a_superuser_sees_no_child_on_any_page(browse, superuser, mine):
    child = make.StudentFactory(district=mine, last_name="Quillfeather")
    client = browse(superuser)
    assert client.get(reverse("caseload:student", args=[child.pk])).status_code == 404
    for address in ("/", "/students/", "/students/search?q=Quillf", "/api/students/", "/lists/students/"):
        assert "Quillfeather" not in client.get(address).content.decode()


def test_djangos_admin_is_not_there():
    assert not apps.is_installed("django.contrib.admin")


def test_where_somebody_is_signed_in_is_shown_only_to_who_keeps_the_account(browse, coordinator, mine):
    gone = make.UserFactory(role=Role.READER, role__district=mine, district=make.DistrictFactory())
    browse(gone).get("/account/")
    Session.objects.filter(user=gone).update(address="203.0.113.77")
    address, client = reverse("security:kept_account", args=[gone.pk]), browse(coordinator)
    assert "203.0.113.77" in client.get(address).content.decode()
    gone.assignments.update(last_day=timezone.localdate() - timedelta(days=1))
    assert "203.0.113.77" not in client.get(address).content.decode()
