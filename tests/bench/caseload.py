"""Pages of somebody with 60 children, in a district that has two open deadlines for each of its students."""

from statistics import median

from django.db import connection
from django.utils import timezone

from caseload.models import Deadline
from organizations.models import District
from security import scope
from security.actions.assign import assign
from security.models import User
from security.rules.roles import Role
from students.models import StudentAccess
from tests.bench.generated import use
from tests.bench.measure import Result, report
from tests.bench.pages import answers, served, signed_in
from tests.bench.urls import BARE
from tests.factories import sign_for

TITLE = "Caseload pages"
GOAL = 60.0  # ms at the server, one user
CHILDREN = 60
REQUESTS = 40
PAGES = (
    ("my work", ""),
    ("my deadlines as a list", "caseload/deadlines/?who=me&size=100"),
    ("my month", "caseload/calendar/"),
)
# Of the data manager, who answers for no child: these count the whole district.
COUNTING = (
    ("the work of the whole district", ""),
    ("the district by person, school and deadline", "caseload/overview/"),
)
FILL = """
    INSERT INTO caseload_deadline (student_id, district_id, site_id, number, part, record_kind, record_id,
        responsible_id, starts_on, due_on, why_not, counted_to, extended, excuse, standing, rule, rule_hash,
        counted_at)
    SELECT a.student_id, a.district_id, a.site_id, kind.number, '', kind.record, a.student_id,
        CASE WHEN row_number() OVER (ORDER BY a.student_id, kind.number) <= %s THEN %s::bigint END,
        %s::date - 40, %s::date - 20 + (a.student_id %% 77)::int, '', NULL, false, '', 'OPEN',
        kind.number, '0', now()
    FROM students_studentaccess a, (VALUES ('D02', 'evaluation'), ('D08', 'iep')) AS kind (number, record)
    WHERE a.district_id = %s AND a.is_current
"""


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    cookie, manager = signed_in(coordinator()), signed_in(User.objects.get(username="large"))
    with served() as port:
        results = [page(port, cookie, what, path) for what, path in PAGES]
        results += [page(port, manager, what, path, counts=True) for what, path in COUNTING]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def coordinator() -> User:
    """Made once with the deadlines of the largest district; kept with the state."""
    person, new = User.objects.get_or_create(username="coordinator", defaults={"last_name": "Sixty"})
    if new:
        district = District.objects.order_by("id")[0]
        assign(by=None, user=person, role=Role.EVALUATION_COORDINATOR, district=district)
        sign_for(person)
        fill(person, district)
    return person


def fill(person: User, district: District) -> None:
    today = timezone.localdate()
    with scope.system(), connection.cursor() as cursor:
        cursor.execute(FILL, [CHILDREN, person.pk, today, today, district.pk])
        print(f"{Deadline.objects.count():,} deadlines, {StudentAccess.objects.current().count():,} children")
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE caseload_deadline")


def page(port: int, cookie: str, what: str, path: str, counts: bool = False) -> Result:
    """No goal where a page counts a district."""
    for each in (BARE, path):
        answers(port, each, cookie, 5)
    bare = median(answers(port, BARE, "", REQUESTS))
    whole = median(answers(port, path, cookie, REQUESTS))
    goal = "counts the district" if counts else f"≤ {GOAL:g} ms"
    return Result(what, bare, whole, goal, counts or whole <= GOAL)
