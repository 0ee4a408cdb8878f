"""A data manager's count day, from the frozen count to a number explained; and a chart without a mouse."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from reports.figures.day_counts import count_the_day
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.journeys.system import System
from tests.reports.federal.reader import Read
from tests.reports.federal.records import child

pytestmark = pytest.mark.browser
TODAY = timezone.localdate()
SUNDAY = TODAY - timedelta(days=TODAY.isoweekday() % 7 or 7)
DEAF_BLIND = "DB"


@pytest.fixture(scope="module")
def counted(system: System) -> Student:
    """Two deaf-blind children were in special education that day; of one the race is not recorded."""
    mine, school = system.world.mine, system.world.school
    with system.inside():
        child(mine, school, code=DEAF_BLIND, last_name="Savoie", first_name="Odette")
        return child(mine, school, code=DEAF_BLIND, last_name="Thibaut", first_name="Remy", races="")


def test_a_count_is_frozen_corrected_certified_and_a_number_explained(
    counted: Student, system: System, sign_in, tmp_path: Path
) -> None:
    page = sign_in("dana")
    page.goto("/counts/")
    page.get_by_label("Count date").fill("Oct 1, 2026")
    page.get_by_role("button", name="Freeze the count").click()

    page.get_by_role("link", name=re.compile("No race or ethnicity is recorded")).click()
    expect(child_row(page, "Thibaut")).to_contain_text("not counted")
    certify(page)

    with system.seen():
        Student.objects.filter(pk=counted.pk).update(races="B", hispanic=False)
    page.get_by_role("link", name="Changed since").click()
    expect(page.get_by_role("row", name=re.compile("Race and ethnicity"))).to_contain_text(
        "Black or African American"
    )
    expect(page.get_by_role("button", name=re.compile("Take over"))).to_have_count(0)
    page.get_by_role("link", name="Cells and children").click()
    page.get_by_text("Reopen the count to take corrections over").click()
    page.get_by_label("Why is the count reopened?").fill("The race of a child came in late.")
    page.get_by_role("button", name="Reopen the count").click()
    page.get_by_role("link", name="Changed since").click()
    page.get_by_role("button", name=re.compile("Take over Thibaut")).click()
    expect(page.get_by_text("Taken over: the count says")).to_be_visible()
    page.get_by_role("link", name="Cells and children").click()
    certify(page)

    cell = page.get_by_role("row", name=re.compile("Deaf-blindness", re.IGNORECASE)).first
    expect(cell.get_by_role("link")).to_have_text("2")
    cell.get_by_role("link").click()
    expect(child_row(page, "Thibaut")).to_contain_text("FS002")
    expect(child_row(page, "Savoie")).to_contain_text("FS002")
    expect(children(page).get_by_role("row")).to_have_count(3)

    page.get_by_role("link", name="Federal files").click()
    page.get_by_label("File", exact=True).select_option("FS002-LEA")
    page.get_by_label("What do you need it for?").fill("Submission")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Write the file").click()
    read = Read(Path(taken.value.path()).read_bytes(), "csv", "FS002", "LEA")
    assert amount_of(read, DEAF_BLIND) == 2


def certify(page: Page) -> None:
    page.get_by_role("button", name="Certify the count").click()
    expect(page.get_by_text("The count is certified.")).to_be_visible()


def children(page: Page) -> Locator:
    return page.get_by_role("table", name="Children of the count")


def child_row(page: Page, name: str) -> Locator:
    return children(page).get_by_role("row", name=re.compile(name))


def amount_of(read: Read, code: str) -> int:
    """Of the subtotal by disability."""
    (found,) = [row.amount for row in read.records if list(row.codes.values()) == [code]]
    return found


@pytest.fixture(scope="module")
def figures(counted: Student, system: System) -> None:
    """Counted on two days, so that there is something to draw."""
    mine = system.world.mine
    with system.inside():
        make.UserFactory(username="odalys", role=Role.SUPERINTENDENT, role__district=mine)
        with scope.system():
            count_the_day(SUNDAY)
            count_the_day(TODAY)


def test_a_supervisor_reads_a_chart_by_keyboard_and_by_its_names(figures: None, sign_in) -> None:
    page = sign_in("anselm")
    page.goto("/figures/")
    expect(page.get_by_role("heading", name=re.compile("^Figures, "), level=1)).to_be_visible()

    region = page.get_by_role("region", name="Children by environment")
    expect(
        region.get_by_role("img", name=re.compile(r"^Children with special education: .* \d+, .* \d+\.$"))
    ).to_be_visible()
    tab_to(page, "As a table")
    page.keyboard.press("Enter")
    expect(
        region.get_by_role("table", name="Children with special education").get_by_role("row")
    ).to_have_count(3)
    tab_to(page, "Deaf-Blindness")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Child count")


def test_who_sees_no_child_reads_no_small_number(figures: None, sign_in) -> None:
    page = sign_in("odalys")
    page.goto("/figures/")
    expect(page.get_by_text("Numbers below 10 are withheld")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("Deaf-Blindness"))
    expect(row.get_by_role("cell").first).to_have_text("fewer than 10, or withheld")
    expect(page.locator("main table").get_by_role("link")).to_have_count(0)


def tab_to(page: Page, words: str) -> None:
    """Where a keyboard comes after a few steps."""
    for _ in range(120):
        page.keyboard.press("Tab")
        if words in page.evaluate("document.activeElement.innerText"):
            return
    raise AssertionError(f"{words} is not reached")
