"""Every page with rows on it, wide and narrow: WCAG 2.2 AA by axe, and what axe does not see.

A green run is no proof of access, only of the absence of what a program can find.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.utils import timezone
from playwright.sync_api import Page

from edfi.models import Connection
from evaluations.models import Evaluation
from ieps.models import IepStatus
from jobs import actions as jobs
from organizations.models import District
from security import scope
from security.actions.notices import tell
from security.models import StaffIdConflict, User
from security.rules.roles import Role
from tests import factories as make
from tests.factories import PASSWORD
from tests.journeys.stack import running

pytestmark = pytest.mark.browser

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
WIDE, NARROW, ZOOMED = 1280, 400, 320  # 320 is 1280 at 400 %
LONG_ENOUGH = 120_000  # milliseconds, on a busy machine
ASTRAY = """() => {
  const wrong = [];
  for (const name of ["aria-describedby", "aria-labelledby", "aria-controls", "for"])
    for (const element of document.querySelectorAll(`[${name}]`))
      for (const id of element.getAttribute(name).split(/\\s+/))
        if (!document.getElementById(id)) wrong.push(`${name}="${id}" leads nowhere`);
  for (const link of document.querySelectorAll('a[href^="#"]'))
    if (link.hash && !document.getElementById(decodeURIComponent(link.hash.slice(1))))
      wrong.push(`the link ${link.hash} leads nowhere`);
  const seen = new Set();
  for (const {id} of document.querySelectorAll("[id]")) {
    if (seen.has(id)) wrong.push(`id ${id} twice`);
    seen.add(id);
  }
  if (document.querySelectorAll("h1").length !== 1) wrong.push("not one heading of the first level");
  return wrong;
}"""
VIOLATIONS = """options => axe.run(document, options).then(
  ({violations}) => violations.map(({id, nodes}) => ({id, html: nodes.map(({html}) => html)})))"""
FAULTY = """<html lang="en"><title>Faulty</title><h1>Faulty</h1><img src="a.png"><p id="a"></p><p id="a"></p>
<p style="color:#ccc">Pale</p><div style="width:900px">wide</div>
<button style="width:9px;height:9px;padding:0">a</button>
<button style="width:9px;height:9px;padding:0">b</button>"""
# What a smaller window can break. What appears only in one is in the frame: there every rule is asked once.
OF_THE_LAYOUT = ["target-size", "scrollable-region-focusable"]
# Its 2,400 elements take axe as long as thirty pages: it is asked about the rows that a search leaves.
LONG = "/rulebook/exit-codes/"
BEYOND_THE_EDGE = "() => document.documentElement.scrollWidth - window.innerWidth"


@dataclass(frozen=True)
class World:
    """Addresses of pages by the person who opens them."""

    pages: dict[str, tuple[str, ...]]


@pytest.fixture
def world(own_database: str) -> World:
    today = timezone.localdate()
    mine = make.DistrictFactory(name="Cypress Parish")
    make.CalendarFactory(district=mine)
    people = {role: make.UserFactory(username=role.value, role=role, role__district=mine) for role in LOCAL}
    make.UserFactory(username=Role.SEA_ADMINISTRATOR.value, role=Role.SEA_ADMINISTRATOR)
    child = make.StudentFactory(district=mine, home_language="spa")
    make.ContactFactory(student=child)
    make.ActivityFactory(student=child, district=mine)
    left = make.EnrollmentFactory(
        student=child, district=mine, first_day=today - timedelta(days=400), exit_code="1941",
        last_day=today - timedelta(days=40), documentation_due=today - timedelta(days=35),
    )  # fmt: skip
    here = make.EnrollmentFactory(student=child, district=mine, first_day=today - timedelta(days=30))
    done = make.EvaluationFactory(
        student=child, district=mine, consent_date=today - timedelta(days=420), outcome="ELIG",
        determination_date=today - timedelta(days=380),
    )  # fmt: skip
    make.ExceptionalityFactory(evaluation=done)
    begun = make.EvaluationFactory(student=child, district=mine, consent_date=today - timedelta(days=70))
    held = today - timedelta(days=370)
    make.IepFactory(student=child, district=mine, status=IepStatus.OFFICIAL, meeting_date=held)
    draft = make.IepFactory(student=child, district=mine, kind="REV", author=people[Role.IEP_AUTHOR])
    make.SectionTextFactory(iep=draft, saved_by=people[Role.IEP_AUTHOR])
    make.ServiceFactory(student=child, district=mine)
    owner = people[Role.DATA_MANAGER].pk
    job = jobs.open_job("EXPORT", "Students as CSV", owner_id=owner)
    jobs.finish(job, "The file is ready.")
    Connection.objects.create(name="State", state=mine.state, base_url="http://127.0.0.1:9", key="key")
    pages = pages_of(child.pk, here.pk, left.pk, done.pk, begun.pk, draft.pk, job.pk, owner)
    pages[Role.EVALUATION_COORDINATOR] += parts_of(begun, people[Role.EVALUATION_COORDINATOR])
    return World(with_access_pages(pages, mine, people))


def parts_of(begun: Evaluation, evaluator: User) -> tuple[str, ...]:
    """The pages of a component, of a section of the report, and of a child who is not enrolled."""
    with scope.elevated():
        part = begun.components.create(area="VISION", evaluator=evaluator, assigned_on=timezone.localdate())
    at = f"/evaluations/{begun.pk}"
    return f"{at}/components/{part.pk}/", f"{at}/report/needs/", f"{at}/?step=member", "/evaluations/refer/"


def with_access_pages(pages: dict, mine: District, people: dict) -> dict[str, tuple[str, ...]]:
    """A request, a conflict and a designation wait; a person has neither access nor signature."""
    make.PolicyFactory(district=mine)
    make.DesignationFactory(district=mine)
    new = make.UserFactory(username="new", staff_id=None, assured=False, district=mine)
    asked = make.AccessRequestFactory(district=mine)
    conflict = StaffIdConflict.objects.create(staff_id="A1", claimant=new, holder=people[Role.REGISTRAR])
    tell(people.values(), "Somebody asks for access.", key="asked", address="/access/")
    of_district = tuple(
        f"/access/{mine.pk}/{name}/" for name in ("policy", "procedure", "training", "settings", "designate")
    )
    about_one = (f"/access/requests/{asked.pk}/", f"/access/staff-id/conflicts/{conflict.pk}/")
    pages["new"] = ("/access/ask/", "/access/staff-id/", "/assurance/", "/notices/")
    pages[Role.SPED_SUPERVISOR] += ("/access/", about_one[0], "/assurance/", "/access/ask/")
    pages[Role.SECURITY_COORDINATOR] += (
        "/access/", "/access/requests/", "/notices/", *about_one, *of_district
    )  # fmt: skip
    pages[Role.SEA_ADMINISTRATOR] += ("/access/", f"/access/assurance-text/{mine.state_id}/")
    return pages


LOCAL = (
    Role.REGISTRAR, Role.EVALUATION_COORDINATOR, Role.IEP_AUTHOR, Role.DATA_MANAGER,
    Role.SPED_SUPERVISOR, Role.SECURITY_COORDINATOR,
)  # fmt: skip


def pages_of(
    child: int, here: int, left: int, done: int, begun: int, draft: int, job: int, person: int
) -> dict[str, tuple[str, ...]]:
    return {
        "": ("/sign-in/", "/accessibility/"),
        Role.REGISTRAR: (
            "/", "/students/", "/students/?name=nobody", "/students/search?q=fontenott", "/students/enter",
            f"/students/{child}/", f"/students/{child}/enter", f"/enrollments/{here}/exit",
            f"/enrollments/{here}/no-show", f"/students/{child}/events/enrollment/{left}", "/rollover/",
            f"/enrollments/{left}/after/", "/enrollments/rosters/", "/enrollments/year-end/",
            "/enrollments/findings/", "/feeds/", "/codes/",
        ),
        Role.EVALUATION_COORDINATOR: (
            "/evaluations/", f"/evaluations/{done}/", f"/evaluations/{begun}/",
            f"/evaluations/{begun}/history/", f"/evaluations/refer/{child}/",
            "/parents/notices/", f"/parents/{child}/", f"/parents/{child}/write/PWN/",
            "/caseload/deadlines/", "/caseload/calendar/", f"/students/{child}/?tab=deadlines",
        ),
        Role.IEP_AUTHOR: (
            "/", "/ieps/", f"/ieps/{draft}/", f"/ieps/{draft}/GSI/", f"/ieps/{draft}/PRG/",
            f"/ieps/{draft}/GSI/strengths/history/",
            f"/ieps/start/{child}/", "/ieps/regression-recoupment",
        ),
        Role.DATA_MANAGER: (
            "/lists/", "/lists/enrollments/", "/lists/services/", "/lists/students/export/ask", "/jobs/",
            f"/jobs/{job}/", "/ed-fi/", "/rulebook/", LONG, f"{LONG}?q=country", "/account/",
            "/account/password/", "/account/second-factor/", "/account/second-factor/app",
            "/account/second-factor/key", "/account/sessions/", "/account/tokens/",
        ),
        Role.SPED_SUPERVISOR: (
            f"/students/{child}/?tab=evaluations", f"/students/{child}/?tab=contacts",
            f"/students/{child}/access-record", "/lists/journal/", "/calendars/",
            "/caseload/overview/", "/caseload/hand-over/", "/indicators/11/",
        ),
        Role.SECURITY_COORDINATOR: (
            "/", "/students/", "/people/", f"/people/{person}/", f"/people/{person}/password",
            "/support-access/",
        ),
        Role.SEA_ADMINISTRATOR: ("/", "/rollover/", "/jobs/"),
    }  # fmt: skip


@pytest.fixture
def address(world: World, own_database: str, tmp_path: Path) -> Iterator[str]:
    with running(own_database, tmp_path, "web") as address:
        yield address


def test_every_page_is_accessible(world: World, address: str, browser_page) -> None:
    found: list[str] = []
    for person, paths in world.pages.items():
        page = browser_page(width=WIDE, base_url=address)
        page.set_default_timeout(LONG_ENOUGH)
        if person:
            sign_in(page, person)
        for path in paths:
            rules = WCAG if path == paths[0] else OF_THE_LAYOUT
            found += [f"{person} {path}: {finding}" for finding in findings(page, path, narrow=rules)]
        page.context.close()
    assert not found, "\n".join(found)


def sign_in(page: Page, person: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("Username").fill(person)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(lambda url: "sign-in" not in url)


def findings(page: Page, path: str, narrow: Sequence[str] = WCAG) -> Iterator[str]:
    """Loaded once; narrow and zoomed it is the same page in a smaller window."""
    at_width(page, WIDE)
    answer = page.goto(path)
    if answer is None or answer.status >= 500:
        yield "no page"
        return
    page.evaluate(AXE_SCRIPT)
    yield from page.evaluate(ASTRAY)
    if path != LONG:
        yield from by_axe(page)
    at_width(page, NARROW)
    if path != LONG:
        yield from (f"{NARROW} px: {finding}" for finding in by_axe(page, narrow))
    yield from beyond_the_edge(page, NARROW)
    at_width(page, ZOOMED)
    yield from beyond_the_edge(page, ZOOMED)


def at_width(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})


def beyond_the_edge(page: Page, width: int) -> Iterator[str]:
    if (beyond := page.evaluate(BEYOND_THE_EDGE)) > 0:
        yield f"{width} px: {beyond} px run over the edge"


def by_axe(page: Page, rules: Sequence[str] = WCAG) -> Iterator[str]:
    for violation in page.evaluate(VIOLATIONS, {"runOnly": rules, "resultTypes": ["violations"]}):
        where = "; ".join(html[:120] for html in violation["html"][:2])
        yield f"{violation['id']}: {where}"


def test_a_page_with_faults_is_found(site: str, browser_page) -> None:
    """Otherwise the test above would prove nothing."""
    page = browser_page()
    page.route("**/faulty", lambda route: route.fulfill(body=FAULTY, content_type="text/html"))
    found = " ".join(findings(page, f"{site}/faulty"))
    for fault in ("image-alt", "color-contrast", "target-size", "id a twice", "run over the edge"):
        assert fault in found
