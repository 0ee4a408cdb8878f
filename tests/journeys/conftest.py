"""One system for all tests of trouble, and people who sign in to it."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.factories import PASSWORD
from tests.journeys import world as worlds
from tests.journeys.system import CHILDREN, System
from tests.platform.conftest import erased_afterwards, folder_for_all
from tests.standin.ods import running as running_ods

SLOWLY = 90_000  # milliseconds, on a busy machine


@pytest.fixture(scope="package")
def system(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[System]:
    """Its children are made up; no extract is loaded yet."""
    with (
        django_db_blocker.unblock(),
        pytest.MonkeyPatch.context() as patch,
        running_ods() as ods,
        folder_for_all() as folder,
        erased_afterwards(folder / "home") as home,
    ):
        patch.setenv("ESER_FSYNC", "off")
        patch.setattr(worlds, "GRAND_BEND", folder / "nowhere")
        system = System(home, tmp_path_factory.mktemp("system"), ods)
        try:
            system.prepare()
            for _ in range(CHILDREN):
                system.child()
            yield system
        finally:
            system.processes.stop()


@pytest.fixture
def sign_in(system: System, browser_page, django_db_blocker) -> Iterator[Callable[..., Page]]:
    """`sign_in("dana")` gives the page of a person of the system."""

    def signed_in(username: str = "dana", **options: object) -> Page:
        page = browser_page(base_url=system.processes.address, **options)
        page.set_default_timeout(SLOWLY)
        sign_in_on(page, username)
        return page

    with django_db_blocker.unblock():
        yield signed_in


def sign_in_on(page: Page, username: str = "dana") -> None:
    """Also when nobody on this page is signed in yet."""
    page.goto("/")
    page.get_by_label("Username").fill(username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in", timeout=SLOWLY)
