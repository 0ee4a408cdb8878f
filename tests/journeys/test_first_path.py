"""The first path through the whole system: from a legacy extract to an Ed-Fi record and a list taken away.

It runs on the Grand Bend extract where that is beside the project, otherwise on one that is made up.
"""

import csv
import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from edfi.rules.records import SSEPEA
from enrollment.models import Enrollment
from evaluations.models import Evaluation
from security import scope
from security.models import User
from students.models import Source, Student, StudentAccess
from tests.factories import PASSWORD, write_report
from tests.journeys import world as worlds
from tests.journeys.stack import PATIENCE, running, wait_until
from tests.journeys.world import World
from tests.standin.ods import Ods
from tests.standin.ods import running as running_ods

pytestmark = pytest.mark.browser
GRADES = ["01", "02", "03", "04", "05", "06"]
SLOWLY = PATIENCE * 1000  # milliseconds
TODAY = timezone.localdate()


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running_ods() as standin:
        yield standin


@pytest.fixture
def world(own_database: str, ods: Ods, tmp_path: Path) -> World:
    return worlds.build(tmp_path, ods)


@pytest.fixture
def address(world: World, own_database: str, tmp_path: Path) -> Iterator[str]:
    with running(own_database, tmp_path) as address:
        yield address


@pytest.fixture
def visit(address: str, browser_page):
    """`visit("dana")` gives the page of a person who has signed in."""

    def sign_in(username: str) -> Page:
        page = browser_page(base_url=address, accept_downloads=True)
        page.set_default_timeout(SLOWLY)
        page.goto("/")
        page.get_by_label("Username").fill(username)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text("Sign in", timeout=SLOWLY)
        return page

    return sign_in


def test_from_a_legacy_extract_to_the_states_record_within_one_district(world: World, visit):
    load_the_extract(world, visit("sidonie"))
    pupil, leaver = two_children_of(world)
    worlds.make_known_to_state(world, pupil, "604822")

    dana = visit("dana")
    find_by_a_misspelled_name(dana, leaver)
    enter_and_exit_with_1941(dana, world, leaver)
    enter(dana, world, pupil)
    solange = visit("solange")
    refer_with_consent(solange, pupil)
    give_out_a_component(solange, pupil)
    complete_it_and_write(visit("mireille"), pupil)
    decide_and_lock(solange, pupil)
    the_record_arrives(world)
    downloaded = take_the_list_away(dana)
    assert pupil.state_student_id in downloaded
    unlock(visit("anselm"), pupil)
    the_record_is_taken_back(world)

    omar = visit("omar")
    finds_nothing(omar, pupil, leaver)
    assert pupil.state_student_id not in take_the_list_away(omar)


def load_the_extract(world: World, page: Page) -> None:
    page.get_by_role("link", name="Rollover").click()
    page.get_by_label("Extract").set_input_files(world.extract)
    page.get_by_role("button", name="Start").click()
    expect(page.get_by_text("every record is accounted for").first).to_be_visible(timeout=SLOWLY)
    expect(page.get_by_role("row", name=re.compile("Students"))).to_contain_text("agrees", timeout=SLOWLY)


def two_children_of(world: World) -> tuple[Student, Student]:
    """Children of my district who attend no school and are not being evaluated, of the journey's grades."""
    with scope.elevated():
        rows = StudentAccess.objects.filter(district=world.mine, is_current=True).order_by("sort_name")
        mine = Student.objects.filter(pk__in=rows.values("student_id"), grade__in=GRADES)
        mine = mine.exclude(pk__in=Evaluation.objects.filter(locked=False).values("student_id"))
        alone = [child for child in mine.order_by("sort_name", "pk") if child.access.count() == 1]
        return alone[0], alone[1]


def find_by_a_misspelled_name(page: Page, child: Student) -> None:
    page.get_by_label("Find a student").fill(misspelled(child))
    name = re.compile(child.last_name, re.IGNORECASE)
    result = page.locator("#q-results").get_by_role("link", name=name).first
    expect(result).to_be_visible(timeout=SLOWLY)
    page.get_by_label("Find a student").fill("")


def misspelled(child: Student) -> str:
    """The name with one letter doubled and one left out."""
    last = child.last_name
    return f"{last[:2]}{last[1]}{last[2:]} {child.first_name[:-1]}"


def enter(page: Page, world: World, child: Student) -> None:
    page.goto(f"/students/{child.pk}/enter")
    page.get_by_label("School", exact=True).select_option(label=world.school.name)
    page.get_by_label("Grade", exact=True).select_option(child.grade)
    first_day = TODAY - timedelta(days=40)
    page.get_by_label("First day", exact=True).fill(first_day.isoformat())
    choose(page, "1880")
    page.get_by_label("First day attended").fill(first_day.isoformat())
    page.get_by_role("button", name=re.compile("Enter")).click()
    expect(page.get_by_text(f"Entered {world.school.name}").first).to_be_visible(timeout=SLOWLY)


def enter_and_exit_with_1941(page: Page, world: World, child: Student) -> None:
    enter(page, world, child)
    page.get_by_role("link", name=re.compile("Exit or transfer")).click()
    page.get_by_label("Last day attended").fill((TODAY - timedelta(days=2)).isoformat())
    page.get_by_role("searchbox", name=re.compile("exit code", re.IGNORECASE)).fill("country")
    expect(page.locator("#code-options")).to_contain_text("“country”", timeout=SLOWLY)
    choose(page, "1941")
    expect(page.locator("#effects")).to_contain_text("1941", timeout=SLOWLY)
    page.get_by_label("Name and place of the new school").fill("Instituto San Rafael, Tegucigalpa")
    page.get_by_label("How do you know?").fill("The mother called and the new school asked for the records.")
    page.get_by_role("button", name=re.compile("Exit .* with code 1941")).click()
    told = page.get_by_text(re.compile("1941 Exited to a school outside")).first
    expect(told).to_be_visible(timeout=SLOWLY)
    with scope.elevated():
        left = Enrollment.objects.get(student=child)
    assert (left.exit_code, left.last_day) == ("1941", TODAY - timedelta(days=2))


def refer_with_consent(page: Page, child: Student) -> None:
    """The evaluation coordinator."""
    page.goto(f"/evaluations/refer/{child.pk}/")
    choose(page, "INIT")
    page.get_by_label("Referral received").fill((TODAY - timedelta(days=35)).isoformat())
    page.get_by_label("Reason for the referral").fill("Reading falls behind in spite of support.")
    page.get_by_role("button", name=re.compile("Refer|Save|Enter")).last.click()
    step(page, "Parents asked for consent", TODAY - timedelta(days=33))
    step(page, "Written consent received", TODAY - timedelta(days=30))


def give_out_a_component(page: Page, child: Student) -> None:
    page.get_by_role("link", name="Give out a component").click()
    page.get_by_label("Area").select_option(label="Academic performance")
    with scope.elevated():
        psychologist = User.objects.get(username="mireille")
    page.get_by_label("Evaluator").select_option(label=str(psychologist))
    page.get_by_label("Given out", exact=True).fill((TODAY - timedelta(days=20)).isoformat())
    submit_step(page)
    expect(page.get_by_text("The component is given out.")).to_be_visible(timeout=SLOWLY)


def complete_it_and_write(page: Page, child: Student) -> None:
    """The school psychologist: the own component, and what is typed in the report is kept by itself."""
    page.goto(f"/evaluations/{evaluation_of(child).pk}/")
    page.get_by_role("link", name="Academic performance", exact=True).click()
    page.get_by_label("Instruments").fill("Woodcock-Johnson IV, standard conditions.")
    page.get_by_label("Findings").fill("Reads at the level of grade 2.")
    page.get_by_role("button", name="Complete this component").click()
    page.get_by_text("All sections").click()
    page.get_by_role("link", name="Educational needs").click()
    page.get_by_label("Educational needs", exact=True).fill("A quiet room, and more time.")
    page.get_by_label("Educational needs", exact=True).blur()
    expect(page.get_by_text(re.compile("^Saved"))).to_be_visible(timeout=SLOWLY)
    with scope.elevated():
        write_report(evaluation_of(child), User.objects.get(username="mireille"))
        evaluation_of(child).team.all().delete()


def decide_and_lock(page: Page, child: Student) -> None:
    """The coordinator again: the meeting with a dissent, the determination, the lock."""
    page.goto(f"/evaluations/{evaluation_of(child).pk}/?step=meeting")
    page.get_by_label("Day of the meeting").fill((TODAY - timedelta(days=1)).isoformat())
    submit_step(page)
    page.get_by_role("link", name="add a member").click()
    page.get_by_label("Name", exact=True).fill("Ambrose Hebert")
    page.get_by_label("Part in the team").select_option(label="General education teacher")
    choose(page, "Dissents")
    page.get_by_label("Statement").fill("The scores do not bear it out.")
    submit_step(page)
    page.goto(f"/evaluations/{evaluation_of(child).pk}/?step=determination")
    page.get_by_label("Determination date").fill((TODAY - timedelta(days=1)).isoformat())
    choose(page, "ELIG")
    page.get_by_label("Primary exceptionality").select_option("SLD")
    submit_step(page)
    page.get_by_role("button", name=re.compile("Lock")).click()
    expect(page.get_by_role("heading", name="The report is locked")).to_be_visible(timeout=SLOWLY)


def evaluation_of(child: Student) -> Evaluation:
    with scope.elevated():
        return Evaluation.objects.get(student=child, kind="INIT", locked=False, source=Source.ESER)


def choose(page: Page, words: str) -> None:
    """The radio button whose label has the words."""
    page.locator("label.usa-radio__label", has_text=words).first.click()


def step(page: Page, label: str, day) -> None:
    page.get_by_label(label).fill(day.isoformat())
    submit_step(page)


def submit_step(page: Page) -> None:
    page.locator("section[aria-labelledby=step-title] button[type=submit]").click()


def the_record_arrives(world: World) -> None:
    wait_until(lambda: len(world.ods.records(SSEPEA)) == 1, "the state has the record")
    record = world.ods.records(SSEPEA)[0]
    assert record["studentReference"]["studentUniqueId"] == "604822"
    assert record["eligibilityDeterminationDate"] == (TODAY - timedelta(days=1)).isoformat()


def unlock(page: Page, child: Student) -> None:
    page.goto(f"/students/{child.pk}/?tab=evaluations")
    page.locator("table").get_by_role("link").first.click()
    page.get_by_label("Reason").first.fill("The determination date was typed wrong.")
    submit_step(page)
    expect(page.get_by_text("The evaluation is unlocked")).to_be_visible(timeout=SLOWLY)


def the_record_is_taken_back(world: World) -> None:
    wait_until(lambda: not world.ods.records(SSEPEA), "the state's record is deleted")


def take_the_list_away(page: Page) -> str:
    """The list of students as CSV, with a reason; its rows as one text."""
    page.goto("/students/")
    page.get_by_role("link", name="CSV", exact=True).click()
    page.get_by_label("What do you need it for?").fill("Count of October")
    with page.expect_download(timeout=SLOWLY) as download:
        page.get_by_role("button", name=re.compile("Export")).click()
    text = Path(download.value.path()).read_text("utf-8-sig")
    assert len(list(csv.reader(io.StringIO(text)))) > 1
    return text


def finds_nothing(page: Page, *children: Student) -> None:
    for child in children:
        for words in (child.state_student_id, f"{child.last_name} {child.first_name}", misspelled(child)):
            page.goto(f"/students/search?q={words}")
            expect(page.get_by_role("heading", level=1)).to_be_visible()
            assert page.get_by_role("link", name=f"{child.last_name}, {child.first_name}").count() == 0
        answer = page.goto(f"/students/{child.pk}/")
        assert answer is not None
        assert answer.status == 404
