"""The code picker in a real browser: a quick click is not lost, and Enter never searches by accident."""

import time

import pytest
from playwright.sync_api import Page, Route, expect

from security.rules.roles import Role
from tests import factories as make
from tests.ieps.test_browser import sign_in

pytestmark = pytest.mark.browser
SECONDS = 1.5


@pytest.fixture
def exit_page(site, own_database, browser_page) -> Page:
    """The exit form of a child who attends, as a registrar sees it."""
    state = make.StateFactory(code="DC", profile="DC", time_zone="America/New_York")
    parish = make.DistrictFactory(state=state)
    registrar = make.UserFactory(role=Role.REGISTRAR, role__district=parish)
    child = make.StudentFactory(state=state, district=parish)
    enrollment = make.EnrollmentFactory(student=child, district=parish)
    page = browser_page()
    sign_in(page, site, registrar, f"/enrollments/{enrollment.pk}/exit")
    return page


def slowly(route: Route) -> None:
    time.sleep(SECONDS)
    route.continue_()


def test_a_choice_made_while_the_search_is_under_way_is_kept(exit_page: Page):
    exit_page.route("**/codes?*", slowly)
    exit_page.get_by_label("Search: ", exact=False).first.fill("country")
    with exit_page.expect_request("**/codes?*"):
        pass
    exit_page.locator("label[for=code-1941]").click()
    expect(exit_page.locator("#code-options")).to_contain_text("“country”", timeout=20_000)
    expect(exit_page.get_by_role("radio", name="1941")).to_be_checked()


def test_enter_in_another_field_sends_the_form_and_does_not_search(exit_page: Page):
    exit_page.get_by_label("Name and place of the new school").press("Enter")
    expect(exit_page.locator(".usa-error-message").first).to_be_visible()
