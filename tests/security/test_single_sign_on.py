"""Signing in with the state's OpenID Connect, against a provider in a process of its own."""

from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from journal.models import Entry
from security.models import ApiToken, Session, User
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import has_just_shown
from tests.security.test_reauthentication import TOKEN
from tests.security.test_second_factor import SECRET
from tests.standin import openid

pytestmark = pytest.mark.django_db
ALICE = {"sub": "state-1", "staff_id": "40001", "preferred_username": "alice.at.state"}
BEGIN = "/sign-in/state/"


@pytest.fixture(scope="module")
def issuer():
    with openid.running() as address:
        yield address


@pytest.fixture
def state(issuer, settings) -> str:
    settings.ESER_OIDC = {**settings.ESER_OIDC, "discovery": issuer, "name": "State Sign-On"}
    app = {
        "provider_id": "state", "name": "State Sign-On", "client_id": openid.CLIENT_ID,
        "secret": openid.CLIENT_SECRET, "settings": {"server_url": issuer},
    }  # fmt: skip
    usual = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {**usual, "APPS": [app]}}
    return issuer


@pytest.fixture
def alice():
    return make.UserFactory(
        username="alice", staff_id="40001", role=Role.DATA_MANAGER, role__district=make.DistrictFactory()
    )


def go(client: Client, state: str, wrong: str = "", then: str = "", **claims):
    """To the state and back, as a browser goes."""
    openid.sign_in_as(state, wrong, **claims)
    leads = client.get(BEGIN, {"next": then} if then else {})
    back = requests.get(leads.url, allow_redirects=False, timeout=10).headers["Location"]
    return client.get(
        urlsplit(back).path, {name: values[0] for name, values in parse_qs(urlsplit(back).query).items()}
    )


def is_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def test_the_sign_in_page_offers_it(state):
    assert "Sign in with State Sign-On" in Client().get("/sign-in/").content.decode()


def test_the_request_carries_state_nonce_and_proof_of_the_code(state):
    asked = parse_qs(urlsplit(Client().get(BEGIN).url).query)
    assert asked.keys() >= {"state", "nonce", "code_challenge", "client_id"}
    assert asked["code_challenge_method"] == ["S256"]


def test_a_person_is_matched_by_staff_id_and_signed_in(state, alice):
    client = Client()
    assert go(client, state, then="/account/", **ALICE).url == "/account/"
    assert is_in(client)
    assert Session.objects.get(user=alice)
    assert Entry.objects.get(kind="SIGNED_IN").actor_id == alice.pk


def test_what_else_the_state_says_about_a_person_is_not_kept(state, alice):
    go(Client(), state, **ALICE, birthdate="1980-03-12", email="alice@heron.example")
    assert "1980" not in str(SocialAccount.objects.values().get())
    assert "heron.example" not in str(SocialAccount.objects.values().get())


def test_without_a_staff_id_the_username_matches(state, alice):
    client = Client()
    go(client, state, sub="state-1", preferred_username="alice")
    assert is_in(client)


def test_a_staff_id_of_nobody_is_not_made_good_by_a_username(state, alice):
    client = Client()
    assert go(client, state, sub="state-9", staff_id="99999", preferred_username="alice").status_code == 403
    assert not is_in(client)


def test_an_email_matches_nobody(state, alice):
    User.objects.filter(pk=alice.pk).update(email="alice@heron.example")
    client = Client()
    answer = go(client, state, sub="state-9", email="alice@heron.example", email_verified=True)
    assert (answer.status_code, is_in(client)) == (403, False)


def test_an_unknown_person_is_refused_with_a_sentence_and_not_made(state):
    before = User.objects.count()
    answer = go(Client(), state, sub="state-7", staff_id="77777")
    assert (answer.status_code, "no open account for you here" in answer.content.decode()) == (403, True)
    assert (User.objects.count(), SocialAccount.objects.count()) == (before, 0)


def test_a_closed_account_stays_closed(state, alice):
    go(Client(), state, **ALICE)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    client = Client()
    assert (go(client, state, **ALICE).status_code, is_in(client)) == (403, False)


@pytest.mark.parametrize(
    "wrong",
    ["signature", "nonce", "audience", "issuer", "expired", "old", "unsigned", "algorithm", "missing"],
)
def test_a_statement_with_something_wrong_signs_nobody_in(state, alice, wrong):
    client = Client()
    answer = go(client, state, wrong, **ALICE)
    assert (answer.status_code, "could not be trusted" in answer.content.decode()) == (403, True)
    assert not is_in(client)


def test_an_answer_to_the_request_of_another_browser_signs_nobody_in(state, alice):
    openid.sign_in_as(state, **ALICE)
    back = requests.get(Client().get(BEGIN).url, allow_redirects=False, timeout=10).headers["Location"]
    victim = Client()
    victim.get(f"{urlsplit(back).path}?{urlsplit(back).query}")
    assert not is_in(victim)


@pytest.mark.parametrize(
    ("said", "is_strong"),
    [({}, False), ({"amr": ["pwd"]}, False), ({"amr": "mfa"}, True), ({"amr": ["pwd", "hwk"]}, True),
     ({"acr": "0"}, False), ({"acr": "urn:strong"}, True)],
)  # fmt: skip
def test_only_a_statement_of_two_factors_there_spares_the_one_here(state, alice, settings, said, is_strong):
    settings.ESER_OIDC = {**settings.ESER_OIDC, "strong_acr": ["urn:strong"]}
    TOTP.activate(alice, SECRET)
    client = Client()
    answer = go(client, state, **ALICE, **said)
    assert is_in(client) is is_strong
    assert is_strong or answer.url == reverse("mfa_authenticate")


@pytest.mark.parametrize(("said", "status"), [({"amr": ["mfa"]}, 200), ({}, 302)])
def test_where_two_are_needed_the_states_count_when_it_says_so(state, alice, settings, said, status):
    settings.ESER_SECOND_FACTOR = "required"
    client = Client()
    go(client, state, **ALICE, **said)
    assert client.get("/students/").status_code == status


@pytest.fixture
def stale(state, alice):
    """Alice has no password and no key here; she came from the state an hour ago."""
    alice.set_unusable_password()
    alice.save()
    client = Client()
    go(client, state, **ALICE)
    has_just_shown(client, alice, "single sign-on", ago=3600)
    return client


def test_what_waits_for_a_sign_in_elsewhere_goes_on_after_it(state, alice, stale):
    page = stale.post(reverse("security:tokens"), TOKEN)
    assert "Sign in again with State Sign-On" in page.content.decode()
    assert go(stale, state, **ALICE).url == reverse("security:go_on")
    back = stale.get(reverse("security:go_on"))
    assert 'value="nightly load"' in back.content.decode()
    assert not ApiToken.objects.exists()
    stale.post(back.context["path"], dict(back.context["carried"]))
    assert ApiToken.objects.get().user == alice
    assert stale.get(reverse("security:go_on")).url == reverse("security:account")  # nothing is kept


def test_a_page_that_waited_opens_without_another_button(state, stale):
    stale.get(reverse("mfa_activate_totp"))
    go(stale, state, **ALICE)
    assert stale.get(reverse("security:go_on")).url == reverse("mfa_activate_totp")


@pytest.mark.parametrize("wrong", ["an hour ago", "when unsaid"])
def test_an_earlier_sign_in_there_is_no_answer(state, stale, wrong):
    stale.post(reverse("security:tokens"), TOKEN)
    assert go(stale, state, wrong, **ALICE).status_code == 403
    assert "Sign in again with" in stale.get(reverse("security:go_on")).content.decode()


def test_who_answers_for_somebody_else_is_signed_in_as_themselves_and_nothing_goes_on(state, stale):
    other = make.UserFactory(staff_id="40002")
    stale.post(reverse("security:tokens"), TOKEN)
    go(stale, state, **ALICE | {"sub": "state-2", "staff_id": "40002"})
    assert stale.get("/account/").context["user"] == other
    assert stale.get(reverse("security:go_on")).url == reverse("security:account")


def test_where_no_state_is_named_there_is_no_such_door():
    assert Client().get(BEGIN).status_code == 404
    assert "State" not in Client().get("/sign-in/").content.decode()
