"""No page asks the database more when it shows more rows: a most number of queries for each list page.

The frame is included. It takes nine: session, user, holdings (2), scope, the news of jobs, the transaction
(2), and once a minute the new end of the session.
"""

from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ieps.models.iep import IepStatus
from organizations.models import District, Site
from security.models import User
from security.rules.roles import Role
from students.models import Student
from tests import factories as make

pytestmark = pytest.mark.django_db
ROWS = 35
OVERDUE = date(2025, 1, 15)

BUDGETS = {
    "/": 25,
    "/students/": 13,
    "/students/?sort=born": 14,
    "/students/search?q=fontenot": 10,
    "/evaluations/": 12,
    "/ieps/": 13,
    "/lists/": 15,
    "/lists/students/": 12,
    "/lists/enrollments/": 12,
    "/lists/evaluations/": 12,
    "/lists/ieps/": 12,
    "/lists/services/": 12,
    "/jobs/": 12,
    "/rulebook/": 9,
    "/ed-fi/": 11,
    "/api/students/": 10,
    "/api/students/search/?q=fontenot": 10,
    "/api/enrollments/": 10,
    "/api/evaluations/": 11,
    "/api/ieps/": 10,
}


@pytest.fixture
def manager(db) -> User:
    """Of a district with so many children that a query for each row would break every budget."""
    mine = make.DistrictFactory()
    school = make.SiteFactory(district=mine)
    for _ in range(ROWS):
        records_of(make.StudentFactory(district=mine, district__site=school), mine, school)
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


def records_of(child: Student, mine: District, school: Site) -> None:
    make.EnrollmentFactory(student=child, district=mine, site=school)
    make.ActivityFactory(student=child, district=mine)
    evaluation = make.EvaluationFactory(student=child, district=mine)
    make.ExceptionalityFactory(evaluation=evaluation)
    make.IepFactory(student=child, district=mine, status=IepStatus.OFFICIAL, meeting_date=OVERDUE)
    make.ServiceFactory(student=child, district=mine)


def test_every_list_keeps_to_its_queries(manager, browse):
    client = browse(manager)
    asked = {address: queries_of(client, address) for address in BUDGETS}
    assert {address: n for address, n in asked.items() if n > BUDGETS[address]} == {}


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        answer = client.get(address)
    assert answer.status_code == 200, address
    return len(queries)
