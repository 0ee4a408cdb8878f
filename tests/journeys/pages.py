"""Every page with rows on it: addresses by the person who opens them (nobody: "")."""

from datetime import timedelta

from django.utils import timezone

from edfi.models import Connection, DistrictOds, PullState, ResyncState
from edfi.rules.records import SSEPEA
from enrollment.rules.facts import REGISTERED
from evaluations.models import Evaluation
from ieps.models import IepStatus
from jobs import actions as jobs
from organizations.models import District, SchoolYear
from reports.federal.certify import reopen
from reports.federal.freeze import freeze
from security import scope
from security.actions.notices import tell
from security.models import StaffIdConflict, User
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.journeys.pages_of_ieps import Pages, pages_of_ieps
from tests.migration.cutover import HOUR, planned, run_of

LOCAL = (
    Role.REGISTRAR, Role.EVALUATION_COORDINATOR, Role.IEP_AUTHOR, Role.ODR, Role.DATA_MANAGER,
    Role.SPED_SUPERVISOR, Role.SECURITY_COORDINATOR,
)  # fmt: skip
AT_WORK = (*LOCAL, Role.SEA_ADMINISTRATOR)
PERSONS = ("", *AT_WORK, "new")
# Its 2,400 elements take axe as long as thirty pages: it is asked about the rows that a search leaves.
LONG = "/rulebook/exit-codes/"


def arranged() -> Pages:
    """A district of its own with people (named by their role) and children in many states."""
    mine = make.DistrictFactory(name="Cypress Parish")
    make.CalendarFactory(district=mine)
    people = {role: make.UserFactory(username=role.value, role=role, role__district=mine) for role in LOCAL}
    state = make.UserFactory(username=Role.SEA_ADMINISTRATOR.value, role=Role.SEA_ADMINISTRATOR)
    calendar = planned(state, freeze=30 * 24 * HOUR, go_live=40 * 24 * HOUR)
    run_of(calendar.of_state, calendar.freeze_at)
    pages = of_records(mine, people)
    for more in (pages_of_ieps(mine, people), pages_of_access(mine, people)):
        pages = {person: (*pages.get(person, ()), *more.get(person, ())) for person in PERSONS}
    return pages


def of_records(mine: District, people: dict[Role, User]) -> Pages:
    """A child who left and came back, was evaluated and is evaluated again; a job that is done."""
    today = timezone.localdate()
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
    connection, _ = Connection.objects.get_or_create(
        name="State", state=mine.state, defaults={"base_url": "http://127.0.0.1:9", "key": "key"}
    )
    pages = addresses(child.pk, here.pk, left.pk, done.pk, begun.pk, draft.pk, job.pk, owner)
    awaited = make.EnrollmentFactory(
        student=make.StudentFactory(district=mine), district=mine, stage=REGISTERED, attended=False
    )
    pages[Role.REGISTRAR] += (f"/enrollments/{awaited.pk}/no-show",)
    pages[Role.EVALUATION_COORDINATOR] += parts_of(begun, people[Role.EVALUATION_COORDINATOR])
    pages[Role.SEA_ADMINISTRATOR] += (*resync_pages(connection, child), "/counts/state/")
    pages[Role.DATA_MANAGER] += (*ods_pages(mine, owner), *pages_of_a_count(mine, people[Role.DATA_MANAGER]))
    return pages


def ods_pages(mine: District, owner: int) -> tuple[str, ...]:
    """A district's ODS that was read, with a value that means nothing here yet."""
    ods = DistrictOds.objects.create(district=mine, base_url="http://127.0.0.1:9", key="key", by_id=owner)
    ods.values.create(kind="sex", uri="uri://ed-fi.org/SexDescriptor#Female", uses=3)
    year = SchoolYear.objects.filter(state=mine.state).first() or make.SchoolYearFactory(state=mine.state)
    counts = {"lines": 3, "changes": 7, "other_years": 1}
    pull = ods.pulls.create(school_year=year, by_id=owner, state=PullState.FAILED, counts=counts, why="Busy.")
    return "/feeds/ed-fi/", pull.get_absolute_url()


def pages_of_a_count(mine: District, manager: User) -> tuple[str, ...]:
    """A child who is not counted, and somebody who came since: a difference to take over."""
    with scope.of(manager):
        count = freeze(by=manager, district=mine, day=timezone.localdate() - timedelta(days=20))
        reopen(by=manager, snapshot=count, reason="Somebody came late.")
    make.ActivityFactory(student=make.StudentFactory(district=mine), district=mine)
    at = count.get_absolute_url()
    return "/counts/", at, *(f"{at}{name}/" for name in ("difference", "checks", "year", "file"))


def resync_pages(connection: Connection, child: Student) -> tuple[str, ...]:
    """A comparison with the state that waits for a person, who has to type a number."""
    key = {"studentUniqueId": "604822", "consentToEvaluationReceivedDate": "2026-09-15"}
    with scope.elevated():
        found = connection.resyncs.create(
            resources=[SSEPEA], state=ResyncState.COMPARED, compared_at=timezone.now(),
            tallies=[{"resource": SSEPEA, "district": None, "delete": 1}],
        )  # fmt: skip
        found.rows.create(
            student=child, resource=SSEPEA, school_year=2027, does="delete", why="no_trace",
            natural_key=key, key_digest="0",
        )  # fmt: skip
    return f"/ed-fi/connections/{connection.pk}/resyncs/", found.get_absolute_url()


def parts_of(begun: Evaluation, evaluator: User) -> tuple[str, ...]:
    """The pages of a component, of a section of the report, and of a child who is not enrolled."""
    with scope.elevated():
        part = begun.components.create(area="VISION", evaluator=evaluator, assigned_on=timezone.localdate())
    at = f"/evaluations/{begun.pk}"
    return f"{at}/components/{part.pk}/", f"{at}/report/needs/", f"{at}/?step=member", "/evaluations/refer/"


def pages_of_access(mine: District, people: dict[Role, User]) -> Pages:
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
    return {
        "new": ("/access/ask/", "/access/staff-id/", "/assurance/", "/notices/"),
        Role.SPED_SUPERVISOR: ("/access/", about_one[0], "/assurance/", "/access/ask/"),
        Role.SECURITY_COORDINATOR: (
            "/access/", "/access/requests/", "/notices/", *about_one, *of_district
        ),
        Role.SEA_ADMINISTRATOR: ("/access/", f"/access/assurance-text/{mine.state_id}/"),
    }  # fmt: skip


def addresses(
    child: int, here: int, left: int, done: int, begun: int, draft: int, job: int, person: int
) -> Pages:  # fmt: skip
    return {
        "": ("/sign-in/", "/accessibility/"),
        Role.REGISTRAR: (
            "/", "/students/", "/students/?name=nobody", "/students/search?q=fontenott", "/students/enter",
            f"/students/{child}/", f"/students/{child}/enter", f"/enrollments/{here}/exit",
            f"/students/{child}/events/enrollment/{left}", "/rollover/",
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
            "/", "/ieps/", f"/ieps/{draft}/", f"/ieps/{draft}/PRG/",
            f"/ieps/{draft}/GSI/strengths/history/",
            f"/ieps/start/{child}/", "/ieps/regression-recoupment",
        ),
        Role.DATA_MANAGER: (
            "/lists/", "/lists/enrollments/", "/lists/services/", "/lists/students/export/ask", "/jobs/",
            "/lists/child-count/", "/lists/child-count/save", "/lists/exports/",
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
        Role.SEA_ADMINISTRATOR: (
            "/", "/rollover/", "/jobs/", "/rollover/calendar/", "/rollover/calendar/plan/",
            "/rollover/legacy-users/",
        ),
    }  # fmt: skip
