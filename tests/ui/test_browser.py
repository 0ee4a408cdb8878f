"""The gallery and the scripts in a real browser, under the product's own Content-Security-Policy."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.exceptions import PermissionDenied
from django.template import RequestContext, Template
from playwright.sync_api import Page, Route, expect

from tests.ui.visitor import gallery, request, serve
from ui import views

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TOP = '{% extends "ui/page.html" %}{% load ui %}{% block title %}Draft{% endblock %}{% block main %}'
DRAFT = """<h1>Draft</h1>{% saved %}<div data-autosave-conflict-place></div>
<form method="post" action="/final/" data-autosave-url="/draft/" data-version="3">{% csrf_token %}
<label for="text">Text</label><textarea id="text" name="text"></textarea>
<label for="other">Other</label><input id="other" name="other">
<button class="usa-button">Save</button></form>"""
NO_CONNECTION = "Not saved yet: no connection. Your words are kept on this page. It is tried again."


def page_with(main: str, minutes: float = 30) -> str:
    visit = request(signed_in_until=datetime.now(UTC) + timedelta(minutes=minutes))
    return Template(TOP + main + "{% endblock %}").render(RequestContext(visit, {"messages": []}))


class Server:
    """Answers what a page sends, as the test tells it, and remembers what was sent."""

    def __init__(self, status: int = 200, body: str = '{"version": 4, "saved_at": "10:42"}') -> None:
        self.status, self.body, self.connected = status, body, True
        self.sent: list[dict[str, list[str]]] = []

    def __call__(self, route: Route) -> None:
        if not self.connected:
            route.abort("internetdisconnected")
            return
        self.sent.append(parse_qs(route.request.post_data or "", keep_blank_values=True))
        kind = "application/json" if self.body.startswith("{") else "text/html"
        route.fulfill(status=self.status, body=self.body, content_type=kind)


@pytest.mark.parametrize("width", [1280, 400])
def test_the_gallery_has_no_accessibility_finding(browser_page: Callable[..., Page], width: int) -> None:
    page = browser_page(width=width)
    serve(page, gallery())
    found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("view", [views.refused, views.not_found, views.server_error, views.locked_out])
def test_error_pages_have_no_accessibility_finding(browser_page: Callable[..., Page], view) -> None:
    page = browser_page()
    serve(page, view(request()).content.decode())
    found = Axe().run(page, options={"runOnly": WCAG, "resultTypes": ["violations"]})
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("width", [320, 400, 640, 768, 1024, 1280])
def test_nothing_runs_over_the_edge(browser_page: Callable[..., Page], width: int) -> None:
    page = browser_page(width=width)
    serve(page, gallery())
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_focus_goes_to_the_error_summary_and_from_there_to_the_field(browser_page) -> None:
    page = browser_page()
    serve(page, gallery())
    assert page.evaluate("document.activeElement.className") == "e-errors"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "id_last_day"


def test_a_changed_field_is_saved_when_it_is_left(browser_page) -> None:
    page, server = browser_page(), Server()
    serve(page, page_with(DRAFT), server)
    page.fill("#text", "Reads well")
    page.focus("#other")
    expect(page.get_by_text("Saved 10:42")).to_be_visible()
    assert [(s["_changed"], s["text"], s["version"]) for s in server.sent] == [
        (["text"], ["Reads well"], ["3"])
    ]
    assert page.get_attribute("form[data-autosave-url]", "data-version") == "4"


def test_typing_is_saved_while_the_field_is_not_left(browser_page) -> None:
    page, server = browser_page(), Server()
    page.clock.install()
    serve(page, page_with(DRAFT), server)
    page.locator("#text").press_sequentially("abc")
    page.clock.run_for(3100)
    expect(page.get_by_text("Saved 10:42")).to_be_visible()
    assert server.sent[0]["text"] == ["abc"]


def test_without_a_connection_the_text_is_kept_and_sent_again(browser_page) -> None:
    page, server = browser_page(), Server()
    page.clock.install()
    server.connected = False
    serve(page, page_with(DRAFT), server)
    page.fill("#text", "Reads well")
    page.focus("#other")
    expect(page.get_by_text(NO_CONNECTION)).to_be_visible()
    server.connected = True
    page.clock.run_for(5100)
    expect(page.get_by_text("Saved 10:42")).to_be_visible()
    assert [sent["text"] for sent in server.sent] == [["Reads well"]]


def test_a_conflict_shows_what_the_server_says_and_keeps_the_text(browser_page) -> None:
    page, server = browser_page(), Server(409, "<p>Kofi Amédée changed this field at 10:41.</p>")
    serve(page, page_with(DRAFT), server)
    page.fill("#text", "Mine")
    page.focus("#other")
    expect(page.get_by_text("Kofi Amédée changed this field at 10:41.")).to_be_visible()
    expect(page.get_by_text("Choose one of the two texts.")).to_be_visible()
    assert page.input_value("#text") == "Mine"


def test_a_form_pressed_twice_is_sent_once(browser_page) -> None:
    page, server = browser_page(), Server(204, "")
    serve(page, page_with(DRAFT), server)
    with page.expect_request("**/final/"):
        page.click("main button")
    page.click("main button")
    page.wait_for_timeout(200)
    assert len(server.sent) == 1
    assert page.is_enabled("main button")


def test_two_minutes_before_the_end_the_person_can_stay_signed_in(browser_page) -> None:
    later = datetime.now(UTC) + timedelta(minutes=30)
    page, server = browser_page(), Server(200, json.dumps({"until": later.isoformat()}))
    serve(page, page_with("", minutes=1.9), server)
    expect(page.get_by_role("dialog")).to_be_visible()
    page.get_by_role("button", name="Stay signed in").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert len(server.sent) == 1


def test_a_warning_closed_by_key_does_not_come_back(browser_page) -> None:
    page = browser_page()
    serve(page, page_with("", minutes=1.9))
    page.keyboard.press("Escape")
    page.wait_for_timeout(1200)
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_at_the_end_the_person_goes_to_sign_in_and_will_come_back_to_the_field(browser_page) -> None:
    page, server = browser_page(), Server(200, "<p>Sign in</p>")
    page.clock.install()
    serve(page, page_with(DRAFT), server)
    page.focus("#text")
    page.clock.fast_forward("29:00")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.clock.fast_forward("02:00")
    page.wait_for_url("**/sign-in/?next=%2F%23text")


PART = '<button data-hx-get="/part/" data-hx-target="#part">Fetch</button><div id="part"></div>'


def test_a_part_that_is_refused_says_why_above_the_page(browser_page) -> None:
    refusal = views.refused(request(HX_Request="true"), PermissionDenied("Only a coordinator can see this."))
    page, server = browser_page(), Server(403, refusal.content.decode())
    serve(page, page_with(PART), server)
    page.click("text=Fetch")
    expect(page.locator("#trouble")).to_contain_text("Only a coordinator can see this.")
    assert page.inner_text("#part") == ""


@pytest.mark.parametrize(("connected", "status"), [(False, 0), (True, 502)])
def test_a_part_that_never_comes_says_so(browser_page, connected: bool, status: int) -> None:
    page, server = browser_page(), Server(status, "<html><body>Bad gateway</body></html>")
    server.connected = connected
    serve(page, page_with(PART), server)
    page.click("text=Fetch")
    expect(page.locator("#trouble")).to_contain_text("Not done: no answer came.")
    assert page.inner_text("#part") == ""


def test_a_password_can_be_shown(browser_page) -> None:
    page = browser_page()
    serve(page, page_with('<input id="p" type="password"><input type="checkbox" data-shows="p">'))
    page.check("[data-shows]")
    assert page.get_attribute("#p", "type") == "text"


def test_escape_closes_the_account_menu_and_gives_the_focus_back(browser_page) -> None:
    page = browser_page()
    serve(page, page_with(""))
    page.click(".e-account > summary")
    page.get_by_role("link", name="My account").focus()
    page.keyboard.press("Escape")
    assert page.evaluate("document.querySelector('.e-account').open") is False
    assert page.evaluate("document.activeElement.tagName") == "SUMMARY"


def test_nothing_of_a_page_stays_in_the_browser(browser_page) -> None:
    page = browser_page()
    serve(page, gallery())
    assert page.evaluate(
        "[localStorage.length, Object.keys(sessionStorage).includes('htmx-history-cache')]"
    ) == [0, False]
