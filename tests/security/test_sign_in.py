"""Signing in: with a password, locked after repeated failures, never cached, with a strict policy."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from eser import settings as shipped
from journal.models import Entry
from security.models import Session
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
SIGN_IN = "/sign-in/"


def attempt(client: Client, username: str, password: str, **extra):
    return client.post(SIGN_IN, {"username": username, "password": password, **extra})


@pytest.fixture
def dana():
    return UserFactory(username="dana")


def test_the_right_password_leads_to_the_page_that_was_asked_for(dana):
    answer = attempt(Client(), "dana", PASSWORD, next=reverse("security:account"))
    assert (answer.status_code, answer.url) == (302, reverse("security:account"))
    assert Entry.objects.get(kind="SIGNED_IN").actor_id == dana.pk


def test_passwords_are_kept_as_argon2(dana, settings):
    settings.PASSWORD_HASHERS = shipped.PASSWORD_HASHERS
    dana.set_password(PASSWORD)
    assert dana.password.startswith("argon2$argon2id$v=19$m=102400,t=2,")


def test_nobody_is_led_to_another_site(dana):
    answer = attempt(Client(), "dana", PASSWORD, next="https://evil.example/")
    assert "evil" not in answer.url


@pytest.mark.parametrize("username", ["dana", "nobody"])
def test_a_wrong_password_says_the_same_whether_or_not_the_person_exists(dana, username):
    answer = attempt(Client(), username, "wrong")
    assert answer.status_code == 200
    assert "The username or the password is wrong." in answer.content.decode()


def test_after_five_failures_even_the_right_password_waits(dana):
    client = Client()
    for _ in range(5):
        answer = attempt(client, "dana", "wrong")
    assert answer.status_code == 429
    answer = attempt(client, "dana", PASSWORD)
    assert answer.status_code == 429
    assert "locked for a while" in answer.content.decode()


@pytest.mark.parametrize("counted", [{"login": "1/m/ip"}, {"login_failed": "1/5m/key"}], ids=str)
def test_too_many_tries_are_refused_with_a_sentence_even_for_unknown_names(settings, counted):
    settings.ACCOUNT_RATE_LIMITS = counted
    client = Client()
    first, second = (attempt(client, "nobody", "wrong") for _ in range(2))
    assert "The username or the password is wrong." in first.content.decode()
    said = second.content.decode()
    assert "Too many sign-ins were tried" in said
    assert "Wait a few minutes" in said
    assert not Session.objects.exclude(user=None).exists()


def test_a_failure_of_one_does_not_lock_another(dana):
    client = Client()
    for _ in range(6):
        attempt(client, "someone else", "wrong")
    assert attempt(client, "dana", PASSWORD).status_code == 302


def test_a_disabled_account_cannot_sign_in():
    UserFactory(username="gone", is_active=False)
    assert attempt(Client(), "gone", PASSWORD).status_code == 200


def test_a_new_password_replaces_the_old_one_and_ends_other_sessions(dana, browse):
    here, elsewhere = browse(dana), browse(dana)
    new = "four quiet herons at dawn"
    answer = here.post(
        reverse("security:change_password"),
        {"old_password": PASSWORD, "new_password1": new, "new_password2": new},
    )
    assert answer.status_code == 302
    assert elsewhere.get(reverse("security:account")).status_code == 302
    dana.refresh_from_db()
    assert dana.check_password(new)


@pytest.mark.parametrize("poor", ["short", "password12345"])
def test_a_poor_new_password_is_refused_with_a_reason(dana, browse, poor):
    answer = browse(dana).post(
        reverse("security:change_password"),
        {"old_password": PASSWORD, "new_password1": poor, "new_password2": poor},
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["new_password2"]


def test_no_page_is_cached_and_no_script_of_others_runs(dana, browse):
    answer = browse(dana).get(reverse("security:account"))
    assert "no-store" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"


def test_cookies_are_kept_from_scripts_and_other_sites(dana):
    client = Client()
    attempt(client, "dana", PASSWORD)
    cookie = client.cookies["eser_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_staying_signed_in_moves_the_end_of_the_session(dana, browse):
    answer = browse(dana).post(reverse("security:extend_session"))
    assert answer.json()["until"] == answer["X-Signed-In-Until"]


def test_a_part_of_a_page_that_renews_itself_leaves_the_end_of_the_session_where_it_is(dana, browse):
    client = browse(dana)
    before = timezone.now() + timedelta(minutes=10)
    Session.objects.filter(user=dana).update(expire_date=before)
    answer = client.get("/account/", headers={"X-Renews-Itself": "yes"})
    assert "X-Signed-In-Until" not in answer
    assert Session.objects.get(pk=client.session.session_key).expire_date == before
    client.get("/account/")
    assert Session.objects.get(pk=client.session.session_key).expire_date > before


def test_a_script_of_a_page_that_was_signed_out_hears_so_in_words():
    answer = Client().post(reverse("security:extend_session"), headers={"accept": "application/json"})
    assert answer.status_code == 401
    assert "Sign in again" in answer.json()["detail"]


def test_a_part_of_a_page_that_was_signed_out_leads_to_the_sign_in():
    answer = Client().get(reverse("security:account"), headers={"hx-request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (401, SIGN_IN)


@pytest.mark.parametrize(
    ("asked_from", "then"),
    [
        ("http://testserver/enrollments/7/exit?x=1", "?next=%2Fenrollments%2F7%2Fexit%3Fx%3D1"),
        ("https://elsewhere.example/", ""),
    ],
)
def test_after_signing_in_one_is_back_where_the_part_was_asked_for(asked_from, then):
    sent = {"hx-request": "true", "hx-current-url": asked_from}
    answer = Client().get(reverse("security:account"), headers=sent)
    assert answer["HX-Redirect"] == SIGN_IN + then


@pytest.mark.parametrize(
    ("sent_from", "then"),
    [
        ("http://testserver/counts/7/?set=ST3", "/counts/7/%3Fset%3DST3"),
        ("https://elsewhere.example/counts/7/", "/counts/7/certify"),
        ("", "/counts/7/certify"),
    ],
)
def test_who_was_signed_out_before_a_button_comes_back_to_the_page_with_the_button(sent_from, then):
    answer = Client().post("/counts/7/certify", headers={"referer": sent_from})
    assert answer["Location"] == f"{SIGN_IN}?next={then}"


def test_signing_out_needs_a_post_so_that_no_link_can_do_it(dana, browse):
    client = browse(dana)
    assert client.get(reverse("security:sign_out")).status_code == 405
    client.post(reverse("security:sign_out"))
    assert client.get(reverse("security:account")).status_code == 302
