"""Every page with rows on it, wide and narrow: WCAG 2.2 AA by axe, and what axe does not see.

A green run is no proof of access, only of the absence of what a program can find.
"""

from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings
from playwright.sync_api import Page

from security.models import User
from tests.conftest import signed_in
from tests.journeys.axe import OF_THE_LAYOUT, WCAG, WIDE, findings
from tests.journeys.conftest import SLOWLY
from tests.journeys.pages import AT_WORK, LONG, PERSONS, arranged
from tests.journeys.system import System

pytestmark = pytest.mark.browser
FAULTY = """<html lang="en"><title>Faulty</title><h1>Faulty</h1><img src="a.png"><p id="a"></p><p id="a"></p>
<p style="color:#ccc">Pale</p><div style="width:900px">wide</div>
<button style="width:9px;height:9px;padding:0">a</button>
<button style="width:9px;height:9px;padding:0">b</button>"""


@pytest.fixture(scope="module")
def pages(system: System) -> dict[str, tuple[str, ...]]:
    with system.inside():
        return arranged()


@pytest.fixture
def page_of(system: System, browser_page) -> Callable[[str], Page]:
    """A page of this person, who is signed in without the form (nobody: "")."""

    def opened(person: str) -> Page:
        page = browser_page(width=WIDE, base_url=system.processes.address)
        page.set_default_timeout(SLOWLY)
        page.context.add_init_script(AXE_SCRIPT)
        if person:
            with system.inside():
                cookie = signed_in(User.objects.get(username=person)).cookies[settings.SESSION_COOKIE_NAME]
            page.context.add_cookies(
                [{"name": cookie.key, "value": cookie.value, "url": system.processes.address}]
            )
        return page

    return opened


@pytest.mark.parametrize("person", PERSONS)
def test_every_page_is_accessible(person: str, pages, page_of) -> None:
    page, found = page_of(person), []
    for number, path in enumerate(pages[person]):
        narrow = OF_THE_LAYOUT if number else WCAG
        wrong = findings(page, path, narrow=narrow, ask_axe=path != LONG)
        found += [f"{path}: {finding}" for finding in wrong]
        if person in AT_WORK and not page.locator("nav[aria-label=Main]").count():
            found.append(f"{path}: no navigation")
    assert not found, "\n".join(found)


def test_a_page_with_faults_is_found(system: System, page_of) -> None:
    """Otherwise the test above would prove nothing."""
    page = page_of("")
    page.route("**/faulty", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    found = " ".join(findings(page, "/faulty"))
    for fault in ("image-alt", "color-contrast", "target-size", "id a twice", "run over the edge"):
        assert fault in found
