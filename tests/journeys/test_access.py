"""From a staff ID to the first student: a person asks, two people decide, and nobody else can."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from security.models import AccessRequest
from security.rules.roles import Role
from tests import factories as make
from tests.journeys.conftest import sign_in_on
from tests.journeys.stack import PATIENCE, running

pytestmark = pytest.mark.browser
SLOWLY = PATIENCE * 1000  # milliseconds
Visit = Callable[[str], Page]


@pytest.fixture
def world(own_database: str) -> SimpleNamespace:
    """A district that can decide, its neighbour, a child, and Yvette, who has nothing yet."""
    mine, theirs = make.DistrictFactory(name="Cypress Parish"), make.DistrictFactory(name="Bayou Verde")
    school = make.SiteFactory(district=mine, name="Heron High")
    for district, name in ((mine, "pauline"), (theirs, "odile")):
        make.PolicyFactory(district=district)
        person = make.UserFactory(username=name, first_name=name.title(), district=district)
        make.DesignationFactory(district=district, user=person)
    make.UserFactory(
        username="anselm", first_name="Anselm", last_name="Roy", district=mine,
        role=Role.SPED_SUPERVISOR, role__district=mine,
    )  # fmt: skip
    make.UserFactory(
        username="yvette", first_name="Yvette", last_name="Thibaut", staff_id=None, assured=False,
        district=mine, position="Speech therapist",
    )  # fmt: skip
    child = make.StudentFactory(
        district=mine, district__site=school, last_name="Fontenot", first_name="Jules"
    )
    return SimpleNamespace(mine=mine, school=school, child=child)


@pytest.fixture
def visit(world: SimpleNamespace, own_database: str, tmp_path: Path, browser_page) -> Iterator[Visit]:
    """`visit("yvette")` gives the page of a person who has signed in."""

    with running(own_database, tmp_path, "web") as address:

        def sign_in(username: str) -> Page:
            page = browser_page(base_url=address)
            page.set_default_timeout(SLOWLY)
            sign_in_on(page, username)
            return page

        yield sign_in


@pytest.mark.rule("SEC-13")
def test_from_a_staff_id_to_the_first_student(world: SimpleNamespace, visit: Visit) -> None:
    yvette = visit("yvette")
    links_the_staff_id(yvette)
    asks(yvette)
    finds_no_student(yvette, world)
    cannot_decide(yvette)
    approves(visit("anselm"))
    another_district_finds_nothing(visit("odile"))
    grants(visit("pauline"))
    signs_and_sees(yvette, world)


def links_the_staff_id(page: Page) -> None:
    page.goto("/access/ask/")
    page.get_by_role("link", name="Link my staff ID").click()
    page.get_by_role("textbox", name="Staff ID").fill("88417")
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_text("Your staff ID is linked")).to_be_visible()


def asks(page: Page) -> None:
    page.get_by_label("What you need to do").select_option(
        label="General education teacher or service provider"
    )
    page.get_by_text("Heron High", exact=True).click()
    page.get_by_label("What you need the access for").fill("Speech therapy at Heron High")
    page.get_by_role("button", name="Ask for access").click()
    expect(page.get_by_text("Your request is with Cypress Parish")).to_be_visible()


def finds_no_student(page: Page, world: SimpleNamespace) -> None:
    answer = page.goto(f"/students/{world.child.pk}/")
    assert answer is not None
    assert answer.status == 404


def cannot_decide(page: Page) -> None:
    page.goto(f"/access/requests/{AccessRequest.objects.get().pk}/")
    expect(page.get_by_text("You cannot decide your own request.")).to_be_visible()
    expect(page.get_by_role("button", name="Approve access")).to_have_count(0)


def approves(page: Page) -> None:
    page.get_by_role("link", name="Access", exact=True).click()
    page.get_by_role("button", name="Approve access for Yvette Thibaut").click()
    expect(page.get_by_text("A security coordinator can grant it now")).to_be_visible()


def another_district_finds_nothing(page: Page) -> None:
    answer = page.goto(f"/access/requests/{AccessRequest.objects.get().pk}/")
    assert answer is not None
    assert answer.status == 404


def grants(page: Page) -> None:
    page.get_by_role("link", name="Notices").click()
    page.get_by_role("link", name="Yvette Thibaut asks for access").click()
    page.get_by_role("button", name="Grant access").click()
    expect(page.get_by_text("The person has access from now on")).to_be_visible()


def signs_and_sees(page: Page, world: SimpleNamespace) -> None:
    page.goto(f"/students/{world.child.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign the confidentiality assurance")
    page.get_by_label("Your name, typed as your signature").fill("yvette  thibaut")
    page.get_by_role("button", name="Sign", exact=True).click()
    expect(page.get_by_role("heading", name="Jules Fontenot").first).to_be_visible()
