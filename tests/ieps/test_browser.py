"""Writing in a real browser: what is typed is found again."""

from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from security import scope
from security.actions.view_only import end_view_only
from security.rules.roles import Role
from students.models import Student
from tests.factories import PASSWORD, DistrictFactory, IepFactory, StudentFactory, UserFactory
from tests.security.view_only.test_guards import view_only_in

pytestmark = pytest.mark.browser
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
STRENGTHS = "Student strengths"


@pytest.fixture
def writers(own_database):
    """Dana, Kofi and a draft, committed."""
    parish = DistrictFactory(name="Cypress Parish")
    made = [
        UserFactory(first_name=first, last_name=last, role=Role.IEP_AUTHOR, role__district=parish)
        for first, last in (("Dana", "Mouton"), ("Kofi", "Amédée"))
    ]
    child: Student = StudentFactory(first_name="Jules", last_name="Fontenot", district=parish)
    return *made, IepFactory(student=child, district=parish, kind="REV", author=made[0])


def sign_in(page: Page, site: str, user, to: str = "/ieps/") -> None:
    page.goto(f"{site}/sign-in/?next={to}")
    page.get_by_label("Username").fill(user.username)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{to}")


def section(iep) -> str:
    return f"/ieps/{iep.pk}/GSI/"


def kept(iep) -> str:
    with scope.system():
        return iep.texts.get(field="strengths").text


def test_what_was_typed_is_there_after_signing_out_and_in(site, writers, browser_page):
    dana, _, draft = writers
    page = browser_page()
    sign_in(page, site, dana, section(draft))
    page.get_by_label(STRENGTHS).fill("Reads maps well.")
    page.get_by_label("Parent concerns").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved")
    page.locator(".e-account summary").click()
    page.locator(".e-account").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")
    sign_in(page, site, dana)
    page.get_by_role("link", name="Jules Fontenot, review IEP").click()
    expect(page.get_by_label(STRENGTHS)).to_have_value("Reads maps well.")


@pytest.mark.rule("RLO-03")
def test_what_is_typed_in_view_only_mode_is_told_kept_and_saved_after_the_go_live(
    site, writers, browser_page
):
    dana, _, draft = writers
    page = browser_page()
    sign_in(page, site, dana, section(draft))
    span = view_only_in(-timedelta(minutes=1))
    page.get_by_label(STRENGTHS).fill("Reads maps well.")
    page.get_by_label("Parent concerns").focus()
    expect(page.locator("[data-autosave-status]")).to_contain_text(f"{span.sentence} Your words are kept")
    end_view_only(span)
    page.reload()
    page.get_by_role("button", name="Put it back").click()
    expect(page.locator("[data-autosave-status]")).to_contain_text("Saved")
    assert kept(draft) == "Reads maps well."


def test_two_people_in_one_field_see_both_texts_and_one_chooses(site, writers, browser_page):
    dana, kofi, draft = writers
    mine, theirs = browser_page(), browser_page()
    sign_in(mine, site, dana, section(draft))
    sign_in(theirs, site, kofi, section(draft))
    for page, text in ((theirs, "Reads music well."), (mine, "Reads maps well.")):
        page.get_by_label(STRENGTHS).fill(text)
        page.get_by_label("Parent concerns").focus()
        expect(page.locator("[data-autosave-status]")).to_contain_text("aved")
    expect(mine.get_by_text("Kofi Amédée’s text")).to_be_visible()
    mine.get_by_role("button", name="Edit both into one").click()
    expect(mine.get_by_label(STRENGTHS)).to_have_value("Reads maps well.\n\nReads music well.")
    assert kept(draft) == "Reads maps well.\n\nReads music well."
