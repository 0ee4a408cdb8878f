"""Writing an IEP while something goes wrong: every typed character is found again, by its author alone."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from ieps.models import Iep, SectionText
from security.rules.roles import Role
from tests.factories import SectionTextFactory, UserFactory
from tests.journeys.conftest import SLOWLY, sign_in_on
from tests.journeys.stack import wait_until
from tests.journeys.system import System
from tests.journeys.test_trouble import fill_in_who

pytestmark = pytest.mark.browser
TYPED = "Reads maps well and explains them to others. 🎺 קורא מפות"
MORE = "Explains them to others too."
STRENGTHS, CONCERNS = "Student strengths", "Parent concerns"
KEPT_HERE = """async () => {
  const base = await new Promise((done) => {
    const asked = indexedDB.open("eser", 1);
    asked.onsuccess = () => done(asked.result);
  });
  const words = base.transaction("words").objectStore("words").getAll();
  const all = await new Promise((done) => { words.onsuccess = () => done(words.result); });
  return all.map((entry) => JSON.stringify(entry) + new TextDecoder().decode(entry.sealed));
}"""


@pytest.fixture(scope="module")
def nestor(system: System):
    """A second author of IEPs, beside Mara."""
    with system.inside():
        return UserFactory(
            username="nestor", first_name="Nestor", last_name="Babineaux", role=Role.IEP_AUTHOR,
            role__district=system.world.mine,
        )  # fmt: skip


@pytest.fixture
def open_section(system: System, sign_in) -> Callable[..., tuple[Page, Iep]]:
    def opened(iep: Iep, username: str = "mara") -> Page:
        page = sign_in(username)
        page.goto(section(iep))
        return page

    return opened


def section(iep: Iep) -> str:
    return f"/ieps/{iep.pk}/GSI/"


def status(page: Page) -> Locator:
    return page.locator("[data-autosave-status]")


def says(page: Page, words: str) -> None:
    expect(status(page)).to_contain_text(re.compile(words), timeout=SLOWLY)


def type_into(page: Page, words: str, field: str = STRENGTHS) -> None:
    page.get_by_label(field).fill(words)


def is_saved(system: System, iep: Iep, **texts: str) -> None:
    """In the end each of these fields has this text."""

    def all_stand() -> bool:
        with system.seen():
            return dict(SectionText.objects.filter(iep=iep.pk).values_list("field", "text")) == texts

    wait_until(all_stand, f"{texts} are saved")


def offered(page: Page) -> Locator:
    return page.get_by_role("region", name="Words that did not reach the server")


def test_a_server_killed_between_keystroke_and_save(system: System, open_section):
    draft = system.draft()
    page = open_section(draft)
    type_into(page, TYPED)
    system.processes.kill("web")
    page.get_by_label(CONCERNS).focus()
    says(page, "Not saved yet: no connection. Your words are kept on this computer.")
    type_into(page, MORE, CONCERNS)
    system.processes.start("web")
    is_saved(system, draft, strengths=TYPED, parent_concerns=MORE)
    says(page, "^Saved")


def test_a_network_cut_for_five_minutes_and_a_page_closed_meanwhile(system: System, open_section):
    draft = system.draft()
    page = open_section(draft)
    page.clock.install()
    page.context.set_offline(True)
    type_into(page, TYPED)
    page.clock.fast_forward("05:00")
    says(page, "Not saved yet: no connection")
    page.context.set_offline(False)
    is_saved(system, draft, strengths=TYPED)
    page.context.set_offline(True)
    type_into(page, MORE, CONCERNS)
    page.get_by_label(STRENGTHS).focus()
    says(page, "Not saved yet: no connection")
    again = page.context.new_page()
    page.close()
    again.context.set_offline(False)
    again.goto("/ieps/")
    again.get_by_role("link", name="Open their page").click()
    expect(offered(again)).to_contain_text(MORE, timeout=SLOWLY)
    offered(again).get_by_role("button", name="Put it back").click()
    is_saved(system, draft, strengths=TYPED, parent_concerns=MORE)
    again.reload()
    expect(offered(again)).to_have_count(0)


def test_a_session_that_ends_mid_sentence(system: System, open_section):
    draft = system.draft()
    page = open_section(draft)
    type_into(page, TYPED[:20])
    page.context.clear_cookies(name="eser_session")
    page.get_by_label(CONCERNS).focus()
    says(page, "You are signed out")
    type_into(page, TYPED)
    sign_in_on(page.context.new_page(), "mara")
    is_saved(system, draft, strengths=TYPED)
    expect(page.get_by_label(STRENGTHS)).to_have_value(TYPED)


def test_the_next_person_on_this_computer_reads_nothing_of_it(system: System, open_section, nestor):
    draft = system.draft()
    page = open_section(draft)
    page.context.clear_cookies(name="eser_session")
    type_into(page, TYPED)
    page.get_by_label(CONCERNS).focus()
    says(page, "You are signed out")
    page.goto(section(draft))
    fill_in_who(page, "nestor")
    expect(page.get_by_label(STRENGTHS)).to_have_value("", timeout=SLOWLY)
    expect(page.locator("main")).not_to_contain_text("did not reach the server")
    kept = page.evaluate(KEPT_HERE)
    assert len(kept) == 1
    assert "Reads maps" not in kept[0]
    sign_out(page)
    fill_in_who(page, "mara")
    page.goto(section(draft))
    expect(offered(page)).to_contain_text(TYPED, timeout=SLOWLY)
    offered(page).get_by_role("button", name="Put it back").click()
    is_saved(system, draft, strengths=TYPED)
    sign_out(page)
    assert page.evaluate(KEPT_HERE) == []


def sign_out(page: Page) -> None:
    page.locator(".e-account summary").click()
    page.locator(".e-account").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in/**")


def test_two_browsers_in_one_section(system: System, open_section, nestor):
    draft = system.draft()
    with system.inside():
        SectionTextFactory(iep=draft, text=TYPED)
    mine, theirs = open_section(draft), open_section(draft, "nestor")
    expect(theirs.locator("#here")).to_contain_text("is in this section")
    type_into(theirs, f"{TYPED} {MORE}")
    theirs.get_by_label(CONCERNS).focus()
    is_saved(system, draft, strengths=f"{TYPED} {MORE}")
    type_into(mine, f"At home: {TYPED}")
    mine.get_by_label(CONCERNS).focus()
    says(mine, "Merged with Nestor Babineaux’s change")
    expect(mine.get_by_label(STRENGTHS)).to_have_value(f"At home: {TYPED} {MORE}")
    theirs.get_by_role("button", name="Take this section out").click()
    expect(theirs.locator("#here")).to_contain_text("You have this section alone until", timeout=SLOWLY)
    type_into(mine, MORE, CONCERNS)
    mine.get_by_label(STRENGTHS).focus()
    says(mine, "Nestor Babineaux has taken this section out.* Your words are kept on this computer")
    theirs.get_by_role("button", name="Give it back").click()
    is_saved(system, draft, strengths=f"At home: {TYPED} {MORE}", parent_concerns=MORE)
