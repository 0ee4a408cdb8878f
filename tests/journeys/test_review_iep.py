"""A review IEP from last year's in a quarter of an hour: written, printed, signed, official and amended."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from evaluations.models import Evaluation
from ieps.models import Iep, IepStatus
from organizations.models import District
from security import scope
from security.models import User
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.ieps.whole import PARENT, TEACHER, TEAM, complete
from tests.journeys.pace import Keys, Pace, Person
from tests.journeys.system import System
from tests.pdf_text import squeezed, text_of
from ui.dates import in_words

pytestmark = pytest.mark.browser
TODAY = timezone.localdate()
LAST = TODAY + timedelta(days=364)
HELD = TODAY - timedelta(days=350)
YEAR = (
    "Jules reads 62 words a minute now, up from 41 a year ago, and retells what was read in the order in "
    "which it happened. In mathematics the steps of longer problems are still lost; with a sheet of steps on "
    "the desk seven of ten are right. Homework comes back complete on four days of five since the planner is "
    "signed at home."
)
LEVEL = "Reads 62 words a minute in text of the grade, 94 percent of them right, and retells a page in order."
GOAL = "Given a text of the grade, Jules will read 95 words a minute, 97 percent right, in 3 of 4 probes."
DATA = "Probes before and after the winter break show no loss that was not made good within two weeks."
CONCERN = "Another session of speech therapy, as the reading specialist asks."
WHY = "The reading specialist asks for one more session of speech therapy a week; nothing else changes."


@pytest.fixture(scope="module")
def child(system: System) -> Student:
    """With an evaluation, last year's official IEP, its case manager Mara and the representative Lucien."""
    child = system.enrolled().student
    mine = system.world.mine
    with system.inside():
        make.UserFactory(
            username="lucien", first_name="Lucien", last_name="Prejean", role=Role.ODR, role__district=mine
        )
        found = make.EvaluationFactory(
            student=child, district=mine, outcome="ELIG", consent_date=TODAY - timedelta(days=500),
            determination_date=TODAY - timedelta(days=440), referral_date=TODAY - timedelta(days=520),
        )  # fmt: skip
        make.ExceptionalityFactory(evaluation=found, rank=1, code="SLD")
        with scope.system():
            Evaluation.objects.filter(pk=found.pk).update(locked=True)
            _last_year(child, mine, found)
    return child


def _last_year(child: Student, mine: District, found: Evaluation) -> None:
    mara = User.objects.get(username="mara")
    iep = make.IepFactory(student=child, district=mine, kind="REV", author=mara, evaluation=found)
    complete(iep, mara, HELD)
    Iep.objects.filter(pk=iep.pk).update(
        status=IepStatus.OFFICIAL, meeting_date=HELD, first_day=HELD, last_day=HELD + timedelta(days=364)
    )


def test_a_review_is_written_signed_official_and_amended(child: Student, system: System, sign_in) -> None:
    pace = Pace()
    mara = Person(sign_in("mara"), pace)
    begin(mara, child)
    write_general_by_keyboard(Keys(mara))
    write_goals(mara)
    write_services(mara)
    write_placement(mara)
    printed = print_of(mara)
    assert b"/StructTreeRoot" in printed
    assert squeezed(YEAR) in text_of(printed)
    sign_by_keyboard(Keys(mara))
    sign_with_the_pen(mara)
    lucien = Person(sign_in("lucien"), pace)
    approve(lucien, child)
    amend(mara)
    sign_by_keyboard(Keys(mara))
    approve(lucien, child)
    assert squeezed(f"Changed {CONCERN}") in text_of(print_of(mara))
    assert pace.minutes < 15
    with system.seen():
        stands = Iep.objects.filter(student=child.pk).order_by("pk").values_list("kind", "status")
        assert list(stands) == [("REV", "SUPERSEDED"), ("REV", "AMENDED"), ("AMD", "OFFICIAL")]


def begin(mara: Person, child: Student) -> None:
    mara.type("Find a student", f"{child.last_name} {child.first_name}")
    mara.follow(child.first_name, within=mara.page.locator("#q-results"))
    mara.follow("Start an IEP")
    mara.follow("Begin the draft", "button")
    mara.read(mara.page.locator("form.e-form"))
    mara.follow("Take over", "button")
    mara.follow("General Student Information")


def write_general_by_keyboard(keys: Keys) -> None:
    """A whole section without a mouse."""
    keys.write("Team Meeting Date", f"{TODAY:%m/%d/%Y}")
    keys.press_on("Educational Rights of Children with Disabilities given Yes", "Space")
    keys.write("Date", f"{TODAY:%m/%d/%Y}")
    keys.write("Services begin", f"{TODAY:%m/%d/%Y}")
    keys.write("Services end", in_words(LAST))
    keys.open("All of it still holds: Evaluation")
    keys.open("All of it still holds: Participants")
    for _ in TEAM:
        keys.press_on("Attended Yes", "Space")
    keys.open("All of it still holds: General Student Information")
    keys.write("Progress or lack of expected progress", YEAR)
    keys.open("All of it still holds: Special Factors")
    keys.open("Save and go to Instructional Plan")


def write_goals(mara: Person) -> None:
    mara.look_over()
    mara.press_and_stay("All of it still holds")
    mara.type("Present level of academic achievement", LEVEL)
    mara.type("Measurable annual goal", GOAL)
    mara.press_and_stay("Fill in Date to be achieved")
    mara.follow("Save and go to Accommodations", "button")
    mara.look_over()
    mara.press_and_stay("All of it still holds")
    mara.follow("Save and go to Program Services", "button")


def write_services(mara: Person) -> None:
    """What is offered is filled in, one service is new, and the rest holds."""
    mara.look_over()
    mara.press_and_stay("Fill in all")
    while mara.page.get_by_role("button", name="All of it still holds").count():
        mara.press_and_stay("All of it still holds")
    services = mara.page.get_by_role("group", name="Services", exact=True)
    lines = services.get_by_role("group", name="Services, line")
    before = lines.count()
    mara.click("Add a line to Services", within=services)
    expect(lines).to_have_count(before + 1)
    mara.fill_line(lines.last)
    mara.choose("Eligible / Not eligible / To be determined by", "N")
    mara.type("Data reviewed", DATA)
    mara.follow("Save and go to Placement", "button")


def write_placement(mara: Person) -> None:
    mara.look_over()
    while mara.page.get_by_role("button", name="All of it still holds").count():
        mara.press_and_stay("All of it still holds")
    mara.type("Copy of IEP given to parent", f"{TODAY:%m/%d/%Y}")
    mara.follow("Save and check the whole IEP", "button")
    mara.follow("Check, sign and approve")


def to_the_iep(who: Person) -> None:
    trail = who.page.get_by_role("navigation", name="Where you are").get_by_role("link")
    who.follow(trail.nth(1).inner_text())


def print_of(who: Person) -> bytes:
    to_the_iep(who)
    with who.page.expect_download() as download:
        who.click("Print this IEP (PDF)", "link")
    return download.value.path().read_bytes()


def sign_by_keyboard(keys: Keys) -> None:
    """The parents' answer and name, and the teacher's, on the same keyboard."""
    keys.page.reload()
    keys.open("Check, sign and approve")
    keys.open(f"Sign: {PARENT}")
    keys.press_on("Answer of the parents CON Consent", "Space")
    keys.open("Sign", exact=True)


def sign_with_the_pen(mara: Person) -> None:
    mara.follow(TEACHER)
    mara.tick(mara.page.get_by_role("group", name="How it is signed"), "Drawn on the screen")
    mara.draw(mara.page.locator(".e-pad"))
    mara.follow("Sign", "button")
    expect(mara.page.get_by_role("img", name=f"Drawn signature of {TEACHER}")).to_be_visible()


def approve(lucien: Person, child: Student) -> None:
    lucien.page.goto("/ieps/")
    lucien.follow(child.last_name)
    lucien.follow("Check, sign and approve")
    lucien.follow("Approve")
    lucien.follow("Approve and make official", "button")
    expect(lucien.page.locator("main")).to_contain_text("The IEP is approved and official.")


def amend(mara: Person) -> None:
    to_the_iep(mara)
    mara.follow("Amend")
    mara.type("What is to be changed, and why", WHY)
    mara.type("The parents agreed in writing", f"{TODAY:%m/%d/%Y}")
    mara.follow("Begin the amendment", "button")
    mara.follow("General Student Information")
    mara.type("Services begin", f"{TODAY:%m/%d/%Y}")
    mara.type("Parent concerns", CONCERN)
    mara.follow("Save and go to", "button")
    mara.follow("Placement / Least Restrictive Environment")
    mara.type("Copy of IEP given to parent", f"{TODAY:%m/%d/%Y}")
    mara.follow("Save and check the whole IEP", "button")
