"""Signing in, in a real Chromium: an app, recovery codes, a security key, sessions, the end of a session."""

import re
from collections.abc import Iterator
from datetime import timedelta
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from django.conf import settings
from django.db.models import F
from django.utils import timezone
from playwright.sync_api import Page, expect

from security.models import Session, User
from security.rules.roles import Role
from security.session_store import SessionStore
from tests import factories as make
from tests.database import database
from tests.factories import PASSWORD
from tests.journeys.stack import Processes, collect_static, wait_until
from tests.security.test_second_factor import code_now

pytestmark = pytest.mark.browser
LONG_ENOUGH = 120_000  # milliseconds, on a busy machine


@pytest.fixture(scope="module")
def address(django_db_setup, django_db_blocker, worker_id: str, tmp_path_factory) -> Iterator[str]:
    """The web server alone; a second factor is required. By name, since keys are bound to names."""
    with django_db_blocker.unblock(), database(f"{worker_id}_signing_in") as name:
        collect_static(settings.ESER_HOME)
        processes = Processes(name, tmp_path_factory.mktemp("logs"), ESER_SECOND_FACTOR="required")
        processes.start("web")
        try:
            wait_until(lambda: answers(processes.address), "the system answers")
            yield processes.address.replace("127.0.0.1", "localhost")
        finally:
            processes.stop()


@pytest.fixture
def dana(address) -> Iterator[User]:
    """She and her coordinator make room for those of the next test."""
    district = make.DistrictFactory(name="Cypress Parish")
    make.UserFactory(username="cora", role=Role.SECURITY_COORDINATOR, role__district=district)
    yield make.UserFactory(username="dana", role=Role.DATA_MANAGER, role__district=district)
    User.objects.update(username=F("staff_id"))


def answers(address: str) -> bool:
    try:
        return urlopen(f"{address}/sign-in/", timeout=5).status == 200
    except (URLError, OSError):
        return False


@pytest.fixture
def visitor(browser_page, address, dana):
    def opened(width: int = 1280) -> Page:
        page = browser_page(width=width, base_url=address)
        page.set_default_timeout(LONG_ENOUGH)
        return page

    return opened


def password(page: Page, username: str = "dana") -> None:
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def set_up_app(page: Page) -> tuple[str, list[str]]:
    """The secret of the app, and the recovery codes."""
    page.get_by_role("link", name="Set up an app on my phone").click()
    expect(page.get_by_role("img", name="Picture with the key")).to_be_visible()
    secret = page.locator(".e-mono").inner_text()
    page.get_by_label("Code of six digits").fill(code_now(secret))
    page.get_by_role("button", name="Set up").click()
    expect(page.get_by_role("heading", name="My recovery codes")).to_be_visible()
    return secret, page.locator(".e-codes li").all_inner_texts()


def sign_out(page: Page) -> None:
    page.locator(".e-account summary").click()
    page.locator(".e-account").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/")


def virtual_key(page: Page) -> None:
    """Chromium's own stand-in for a key that is plugged in and touched."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "usb", "hasResidentKey": False,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def forget_when(user) -> None:
    """As if the factors had been shown long ago."""
    row = Session.objects.get(user=user)
    kept = row.get_decoded()
    kept["account_authentication_methods"] = [
        {**shown, "at": 0} for shown in kept["account_authentication_methods"]
    ]
    Session.objects.filter(pk=row.pk).update(session_data=SessionStore().encode(kept))


def test_from_the_first_sign_in_to_the_next_with_an_app_and_a_recovery_code(visitor):
    page = visitor()
    password(page)
    expect(page.get_by_text("You need one before you go on.")).to_be_visible()
    _, codes = set_up_app(page)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 unused codes left")).to_be_visible()
    page.goto("/students/")
    expect(page.get_by_role("heading", name="Students", level=1)).to_be_visible()
    sign_out(page)
    password(page)
    page.get_by_label("Code of your app").fill("000000")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_text("This code is not right").first).to_be_visible()
    page.get_by_label("Code of your app").fill(codes[0])
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".e-account summary")).to_be_visible()


def test_with_a_security_key_at_sign_in_and_before_a_sensitive_deed(visitor, dana):
    page = visitor()
    virtual_key(page)
    password(page)
    page.get_by_role("link", name="Add a security key").click()
    page.get_by_label("Name").fill("Key on my ring")
    page.get_by_role("button", name="Add the key").click()
    expect(page.get_by_role("heading", name="My recovery codes")).to_be_visible()
    sign_out(page)
    password(page)
    page.get_by_role("button", name="Use my security key").click()
    expect(page.locator(".e-account summary")).to_be_visible()
    page.goto("/account/second-factor/")
    expect(page.get_by_text("Key on my ring").first).to_be_visible()
    forget_when(dana)
    page.get_by_role("button", name="Make new codes").click()
    expect(page.get_by_role("heading", name="Sure it is you?")).to_be_visible()
    page.get_by_role("button", name="Use my security key").click()
    expect(page.get_by_role("heading", name="My recovery codes")).to_be_visible()


def test_a_session_elsewhere_is_seen_and_ended(visitor):
    here, phone = visitor(), visitor(390)
    for page in (here, phone):
        password(page)
    here.goto("/account/second-factor/")
    secret, codes = set_up_app(here)
    password(phone)
    phone.get_by_label("Code of your app").fill(codes[0])
    phone.get_by_role("button", name="Go on").click()
    phone.wait_for_url(lambda url: "sign-in" not in url)
    here.goto("/account/sessions/")
    expect(here.get_by_role("heading", name="2 open")).to_be_visible()
    here.get_by_role("button", name="End the session").click()
    expect(here.get_by_text("1 session ended.")).to_be_visible()
    phone.goto("/account/")
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()


def test_two_minutes_before_the_end_a_warning_extends_it_or_says_that_it_cannot(visitor, dana):
    page = visitor()
    password(page)
    row = Session.objects.filter(user=dana)
    page.wait_for_url("**/second-factor/")
    row.update(expire_date=timezone.now() + timedelta(seconds=100))
    end_soon(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.locator("#time-out")).not_to_be_visible()
    assert row.get().expire_date > timezone.now() + timedelta(minutes=20)
    row.update(started_at=timezone.now() - timedelta(hours=12) + timedelta(seconds=110))
    end_soon(page)
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_text("as long as one sign-in lasts")).to_be_visible()


def end_soon(page: Page) -> None:
    """The page is loaded again with its end near, as the server would say it after 28 minutes."""
    soon = (timezone.now() + timedelta(seconds=100)).isoformat()
    page.route(
        "**/account/second-factor/",
        lambda route: route.fulfill(response=(answer := route.fetch()), body=near(answer.text(), soon)),
    )
    page.reload()
    page.unroute("**/account/second-factor/")
    expect(page.locator("#time-out")).to_be_visible()


def near(text: str, soon: str) -> str:
    return re.sub(r'data-until="[^"]*"', f'data-until="{soon}"', text)
