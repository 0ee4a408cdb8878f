"""No page asks the database more when it shows more rows: a most number of queries for each list page.

The frame is included. It takes eight: session, user, holdings, scope, the news of jobs, the transaction (2),
and once a minute the new end of the session. A list adds one insert for the record of access.
"""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from caseload.actions.dirty import count_marked
from edfi.models import DistrictOds, PullState
from enrollment.models import FeedLoad, LocalCode
from ieps.models.iep import IepStatus
from organizations.models import District, Site
from reports.federal.freeze import freeze
from reports.models import Snapshot
from security import scope
from security.actions.notices import tell
from security.actions.review import open_review
from security.models import Assignment, ReviewLine, User
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.house.elsewhere import legacy_findings_about
from tests.migration.cutover import legacy_user

pytestmark = pytest.mark.django_db
ROWS = 35
OVERDUE = date(2025, 1, 15)
COUNTED = date(2026, 10, 1)

BUDGETS = {
    "/": 21,
    "/calendars/": 13,
    "/caseload/deadlines/": 14,
    "/caseload/overview/": 15,
    "/caseload/calendar/?who=all": 15,
    "/students/": 14,
    "/students/?sort=born": 15,
    "/students/search?q=fontenot": 12,
    "/evaluations/": 12,
    "/parents/notices/": 16,
    "/parents/records/": 12,
    "/ieps/": 14,
    "/ieps/progress-reports/?who=all": 21,
    "/enrollments/exits/": 12,
    "/enrollments/duties/": 12,
    "/enrollments/seats/": 12,
    "/enrollments/requests/": 11,
    "/enrollments/rosters/": 16,
    "/enrollments/rosters/?roster=seds": 16,
    "/enrollments/rosters/difference/": 16,
    "/enrollments/over-the-year/": 21,
    "/enrollments/cohort/": 16,
    "/enrollments/dropouts/": 16,
    "/enrollments/findings/": 19,
    "/enrollments/year-end/": 19,
    "/lists/": 24,
    "/lists/exports/": 12,
    "/lists/child-count/": 14,
    "/lists/child-count/?by=rows": 14,
    "/lists/without-plan/": 14,
    "/lists/deadlines/": 14,
    "/lists/iep-caseloads/": 14,
    "/lists/enrollments/?by=grade&across=school": 13,
    "/lists/students/": 13,
    "/lists/enrollments/": 13,
    "/lists/evaluations/": 13,
    "/lists/ieps/": 13,
    "/lists/services/": 13,
    "/counts/": 15,
    "/counts/{count}/": 22,
    "/counts/{count}/difference/": 20,
    "/counts/{count}/checks/": 30,
    "/counts/{count}/year/": 20,
    "/indicators/5/": 16,
    "/indicators/6/": 16,
    "/indicators/11/": 17,
    "/indicators/12/": 16,
    "/indicators/13/": 24,
    "/indicators/14/": 17,
    "/disproportionality/": 36,  # three years, the district and the state
    "/figures/": 14,
    "/jobs/": 12,
    "/rollover/archive/?q=fontenot": 13,
    "/rulebook/": 9,
    "/notices/": 11,
    "/access/ask/": 16,
    "/access/requests/": 11,
    "/ed-fi/": 12,
    "/ed-fi/lines/": 12,
    "/codes/": 14,
    "/rollover/findings/": 17,
    "/rollover/findings/over-runs/": 14,
    "/rollover/duplicates/": 12,
    "/codes/changes": 13,
    "/feeds/": 12,
    "/feeds/ed-fi/": 14,
    "/api/students/": 11,
    "/api/students/search/?q=fontenot": 11,
    "/api/enrollments/": 11,
    "/api/evaluations/": 12,
    "/api/ieps/": 11,
    "/api/deadlines/": 12,
}


@pytest.fixture
def manager(db) -> User:
    """Of a district with so many children that a query for each row would break every budget."""
    mine = make.DistrictFactory()
    school = make.SiteFactory(district=mine)
    year = make.SchoolYearFactory(state=mine.state)
    with scope.system():
        for n in range(ROWS):
            LocalCode.objects.create(
                district=mine, school_year=year, kind="exit", code=f"L{n}", state_code="18"
            )
            FeedLoad.objects.create(district=mine, school_year=year, sha256=str(n), layout="own")
        ods = DistrictOds.objects.create(district=mine, base_url="https://ods.example/", key="k", by_id=1)
        for n, load in enumerate(FeedLoad.objects.filter(district=mine)):
            pull = {"state": PullState.HANDED, "counts": {"lines": n}, "load": load}
            ods.pulls.create(school_year=year, by_id=1, **pull)
            ods.values.create(kind="entry", uri=f"uri://ed-fi.org/EntryTypeDescriptor#{n}", uses=n + 1)
    for _ in range(ROWS):
        records_of(make.StudentFactory(district=mine, district__site=school), mine, school)
    with scope.system():
        count_marked()
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    with scope.of(manager):
        freeze(by=manager, district=mine, day=COUNTED)
    return manager


def records_of(child: Student, mine: District, school: Site) -> None:
    make.EnrollmentFactory(student=child, district=mine, site=school)
    make.ActivityFactory(student=child, district=mine)
    evaluation = make.EvaluationFactory(student=child, district=mine)
    make.ExceptionalityFactory(evaluation=evaluation)
    make.NoticeFactory(student=child, district=mine)
    make.RecordsRequestFactory(student=child, district=mine)
    make.IepFactory(student=child, district=mine, status=IepStatus.OFFICIAL, meeting_date=OVERDUE)
    make.ServiceFactory(student=child, district=mine)
    legacy_findings_about(child, mine)


def test_every_list_keeps_to_its_queries(manager, browse):
    client = browse(manager)
    with scope.elevated():
        count = Snapshot.objects.get().pk
    asked = {address: queries_of(client, address.format(count=count)) for address in BUDGETS}
    assert {address: n for address, n in asked.items() if n > BUDGETS[address]} == {}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(queries)


OF_ACCESS = {
    Role.SECURITY_COORDINATOR: (
        "/access/", "/access/requests/", "/access/users/", "/access/reviews/", "/access/reviews/{review}/",
        "/access/staff-files/", "/people/", "/support-access/", "/notices/", "/rollover/legacy-users/",
    ),
    Role.SPED_SUPERVISOR: ("/access/", "/access/requests/", "/access/reviews/{review}/"),
    Role.SEA_ADMINISTRATOR: (
        "/", "/access/", "/access/requests/", "/access/users/", "/access/reviews/", "/access/state/",
        "/rollover/legacy-users/", "/rollover/calendar/",
    ),
}  # fmt: skip


def people_of(district: District, many: int) -> None:
    """Each has a role there, a notice, and a request that waits."""
    for _ in range(many):
        person = make.UserFactory(role=Role.READER, role__district=district, district=district)
        make.AccessRequestFactory(district=district, requester=person)
        make.UserFactory(role=Role.SUPPORT)
        legacy_user(district, f"Quillfeather {person.pk}", staff_id=person.staff_id or "")
        tell([person], "Something happened.", key="happened", address="/")


@pytest.mark.parametrize("role", OF_ACCESS)
def test_pages_about_access_ask_as_often_for_many_people_as_for_few(browse, role):
    mine = make.DistrictFactory()
    make.DesignationFactory(district=mine)
    me = make.UserFactory(role=role, role__district=None if role == Role.SEA_ADMINISTRATOR else mine)
    people_of(mine, 2)
    review = open_review(mine, timezone.localdate())
    client, pages = browse(me), [page.format(review=review.pk) for page in OF_ACCESS[role]]
    few = {page: [queries_of(client, page), queries_of(client, page)][1] for page in pages}
    people_of(mine, 10)
    for row in Assignment.objects.exclude(review_lines__review=review).filter(district=mine):
        ReviewLine.objects.create(review=review, assignment=row)
    assert {page: queries_of(client, page) for page in pages} == few
