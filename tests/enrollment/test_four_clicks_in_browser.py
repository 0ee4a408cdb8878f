"""From the search box a registrar enters, transfers or exits a child in at most four clicks."""

from types import SimpleNamespace

import pytest
from playwright.sync_api import Locator, Page, expect

from enrollment.models import Enrollment
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.ieps.test_browser import sign_in

pytestmark = pytest.mark.browser
MOST = 4


class Hands:
    """What a registrar does on a page: counts the clicks; whatever is typed goes where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks = page, 0

    def search(self, words: str) -> None:
        self.clicks = 0
        self.page.get_by_label("Find a student").focus()
        self.page.keyboard.type(words)

    def click(self, found: Locator) -> None:
        found.click()
        self.clicks += 1

    def tab_and_type(self, *words: str) -> None:
        for each in words:
            self.page.keyboard.press("Tab")
            self.page.keyboard.type(each)

    def open(self, last_name: str) -> None:
        self.search(last_name)
        self.click(self.page.locator("#q-results").get_by_role("link", name=last_name))

    def link(self, name: str) -> Locator:
        return self.page.get_by_role("link", name=name)

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name)


@pytest.fixture
def parish(own_database):
    """Three children of a district with one school of its own and a nonpublic one."""
    state = make.StateFactory(code="DC", profile="DC", time_zone="America/New_York")
    mine = make.DistrictFactory(state=state)
    school = make.SiteFactory(state=state, district=mine)
    academy = make.AffiliationFactory(district=mine, site__state=state, site__name="Academy").site
    child = {"state": state, "district": mine, "district__site": school}
    leaver, mover, comer = (make.StudentFactory(**child, last_name=n) for n in ("Guidry", "Hebert", "Landry"))
    for each in (leaver, mover):
        make.EnrollmentFactory(student=each, district=mine, site=school)
    registrar = make.UserFactory(role=Role.REGISTRAR, role__district=mine)
    return SimpleNamespace(
        registrar=registrar, academy=academy, leaver=leaver, mover=mover, comer=comer, school=school
    )


@pytest.fixture
def hands(site, parish, browser_page) -> Hands:
    page = browser_page()
    sign_in(page, site, parish.registrar, "/students/")
    return Hands(page)


def test_exit_transfer_and_entry_take_four_clicks_at_most(hands: Hands, parish):
    counted = {"exit": leave(hands), "transfer": move(hands), "entry": come(hands)}
    with scope.system():
        rows = Enrollment.objects.order_by("student__last_name", "first_day")
        kept = [(row.student.last_name, row.site_id, row.entry_code, row.exit_code) for row in rows]
    assert kept == [
        ("Guidry", parish.school.pk, "1880", "1941"),
        ("Hebert", parish.school.pk, "1880", "2040"),
        ("Hebert", parish.academy.pk, "1811", ""),
        ("Landry", parish.school.pk, "1880", ""),
    ]
    assert {deed: clicks for deed, clicks in counted.items() if clicks > MOST} == {}


def leave(hands: Hands) -> int:
    """The code is found and chosen with the keyboard; the day is the likely one."""
    hands.open("Guidry")
    hands.click(hands.link("Exit or transfer"))
    hands.click(hands.page.get_by_role("searchbox", name="Search: Exit code"))
    hands.page.keyboard.type("1941")
    hands.page.keyboard.press("Enter")
    expect(hands.page.get_by_role("radio", name="1941")).to_be_checked()
    expect(hands.page.locator("#effects")).to_contain_text("1941")
    hands.page.keyboard.press("ArrowDown")
    hands.tab_and_type("Honduras", "The mother called.")
    hands.click(hands.button("Exit"))
    told(hands, "left")
    return hands.clicks


def move(hands: Hands) -> int:
    """The only school is chosen already; the last Tab leads to the button, and Enter presses it."""
    hands.open("Hebert")
    hands.click(hands.link("Exit or transfer"))
    hands.click(hands.link("Move to a nonpublic school"))
    hands.click(hands.page.get_by_label("First day at the nonpublic school"))
    hands.page.keyboard.type("tomorrow")
    hands.tab_and_type("The IEP team decided.", "")
    hands.page.keyboard.press("Enter")
    told(hands, "moves to Academy")
    return hands.clicks


def come(hands: Hands) -> int:
    """The school, the grade and the day are the likely ones."""
    hands.open("Landry")
    hands.click(hands.link("Enter at a school"))
    hands.click(hands.page.locator("label[for=code-1880]"))
    hands.tab_and_type("", "", "today")
    hands.click(hands.button("Enter"))
    told(hands, "entered")
    return hands.clicks


def told(hands: Hands, words: str) -> None:
    expect(hands.page.locator(".e-notice--good").first).to_contain_text(
        words, ignore_case=True, timeout=20_000
    )
