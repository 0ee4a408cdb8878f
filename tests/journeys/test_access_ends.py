"""Access is reviewed, taken away and rolled up, in a browser, by the people who do it."""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Page, expect

from security import scope
from security.actions.assign import assign
from security.actions.review import open_review
from security.models import Assignment, Review
from security.rules.roles import Role
from tests import factories as make
from tests.journeys.axe import findings
from tests.journeys.conftest import sign_in_on
from tests.journeys.stack import PATIENCE, running

pytestmark = pytest.mark.browser

SLOWLY = PATIENCE * 1_000
PEOPLE = {
    "pauline": Role.SECURITY_COORDINATOR, "odile": Role.SECURITY_COORDINATOR, "anselm": Role.SPED_SUPERVISOR,
    "berthe": Role.SPED_SUPERVISOR, "dana": Role.DATA_MANAGER, "ray": Role.READER,
}  # fmt: skip


@pytest.fixture
def cypress(own_database: str):
    district = make.DistrictFactory(name="Cypress Parish")
    make.UserFactory(username="sidonie", role=Role.SEA_ADMINISTRATOR)
    for name, role in PEOPLE.items():
        make.UserFactory(
            username=name, first_name=name.capitalize(), last_name="Istre", position="Staff", role=role,
            role__district=district,
        )  # fmt: skip
    academy = make.AffiliationFactory(district=district, site__name="St. Brendan School").site
    make.StudentFactory(district=district, district__site=academy, last_name="Fontenot")
    with scope.elevated():
        native = make.UserFactory(username="lucille", first_name="Lucille", last_name="Badeaux")
        for user in (native, make.User.objects.get(username="dana")):
            assign(by=None, user=user, role=Role.READER, site=academy, first_day=date(2022, 8, 1))
        make.TrainingFactory(district=district)
        open_review(district, timezone.localdate())
    return district


@pytest.fixture
def visit(cypress, own_database: str, tmp_path: Path, browser_page) -> Iterator[Callable[..., Page]]:
    with running(own_database, tmp_path, "web", "worker") as address:

        def signed_in(person: str, **options) -> Page:
            page = browser_page(base_url=address, **options)
            page.set_default_timeout(SLOWLY)
            page.context.add_init_script(AXE_SCRIPT)
            sign_in_on(page, person)
            return page

        yield signed_in


def test_access_is_reviewed_taken_away_and_rolled_up(cypress, visit):
    leaver = visit("ray")
    a_review_is_decided_by_two_and_closed(visit)
    somebody_signed_in_is_put_out_at_the_next_click(leaver, visit("odile"))
    the_cut_over_is_looked_at_and_run(visit("sidonie"))
    every_page_is_accessible(visit("pauline"))


def a_review_is_decided_by_two_and_closed(visit) -> None:
    supervisor, coordinator = visit("anselm"), visit("pauline")
    address = f"/access/reviews/{Review.objects.get().pk}/"
    supervisor.goto(address)
    supervisor.get_by_role("group", name=re.compile("Dana Istre, Reader")).get_by_text("Remove").click()
    supervisor.get_by_role("button", name="Save decisions").click()
    expect(supervisor.get_by_text("1 line decided.")).to_be_visible()
    keep_the_rest(supervisor)
    coordinator.goto(address)
    keep_the_rest(coordinator)
    coordinator.get_by_role("group", name=re.compile("Dana Istre, Reader")).get_by_text("Remove").click()
    coordinator.get_by_role("button", name="Save decisions").click()
    expect(coordinator.get_by_text("Nothing waits for you.")).to_be_visible()
    assert Assignment.objects.get(user__username="dana", site__isnull=False).end_reason == "REVIEW"
    for stand_in in ("odile", "berthe"):  # for the lines of those two themselves
        page = visit(stand_in)
        page.goto(address)
        keep_the_rest(page)
    coordinator.goto(address)
    coordinator.get_by_role("button", name="Close the review").click()
    expect(coordinator.get_by_text("It can be read here for good.")).to_be_visible()


def keep_the_rest(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Keep all")).click()
    page.get_by_role("button", name=re.compile("Yes, keep all")).click()
    expect(page.get_by_text(re.compile("lines? decided"))).to_be_visible()


def somebody_signed_in_is_put_out_at_the_next_click(leaver: Page, coordinator: Page) -> None:
    leaver.goto("/students/")
    expect(leaver.get_by_role("heading", name="Students", exact=True)).to_be_visible()
    coordinator.goto("/access/users/?name=ray")
    coordinator.get_by_role("link", name="Istre, Ray").click()
    coordinator.get_by_role("button", name="End employment").click()
    expect(coordinator.get_by_text(re.compile("Every role of Ray Istre"))).to_be_visible()
    expect(coordinator.get_by_text(re.compile("employment ended by Odile"))).to_be_visible()
    leaver.get_by_role("link", name="My work").click()
    expect(leaver.get_by_role("heading", name="Sign in", level=1)).to_be_visible()


def the_cut_over_is_looked_at_and_run(state: Page) -> None:
    assign(
        by=None, user=make.User.objects.get(username="dana"), role=Role.READER,
        site=Assignment.objects.filter(site__isnull=False).first().site,
    )  # fmt: skip
    state.goto("/access/cut-over/")
    ending, kept = state.get_by_role("region", name="end"), state.get_by_role("region", name="stay")
    expect(ending.get_by_role("row", name=re.compile("Dana Istre"))).to_be_visible()
    expect(kept.get_by_role("row", name=re.compile("Lucille Badeaux"))).to_be_visible()
    state.get_by_role("button", name=re.compile("Run the cut-over")).click()
    expect(state.get_by_text(re.compile("1 direct roles? ended"))).to_be_visible(timeout=SLOWLY)
    state.goto("/access/cut-over/")
    expect(state.get_by_text("No direct role is superfluous.")).to_be_visible()
    assert not Assignment.objects.in_force().filter(user__username="dana", site__isnull=False).exists()
    assert Assignment.objects.in_force().filter(user__username="lucille").exists()


def every_page_is_accessible(page: Page) -> None:
    person = make.User.objects.get(username="dana").pk
    role = Assignment.objects.in_force().filter(user=person).first().pk
    paths = (
        "/access/users/", f"/access/people/{person}/", f"/access/roles/{role}/end", "/access/staff-files/",
        "/access/reviews/", f"/access/reviews/{Review.objects.get().pk}/?show=all", "/access/cut-over/",
        "/access/reach/",
    )  # fmt: skip
    found = [f"{path}: {finding}" for path in paths for finding in findings(page, path)]
    assert found == []
