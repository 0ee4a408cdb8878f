"""No page asks the database more when it shows more rows: a most number of queries for each list page.

The frame is included. It takes eleven: session, user, holdings (2), scope, the news of jobs, the transaction
(2), and the new end of the session (3).
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
    "/": 27,
    "/students/": 15,
    "/students/?sort=born": 16,
    "/students/search?q=fontenot": 12,
    "/evaluations/": 14,
    "/ieps/": 15,
    "/lists/": 17,
    "/lists/students/": 14,
    "/lists/enrollments/": 14,
    "/lists/evaluations/": 14,
    "/lists/ieps/": 14,
    "/lists/services/": 14,
    "/jobs/": 14,
    "/rulebook/": 11,
    "/notices/": 13,
    "/access/ask/": 18,
    "/access/requests/": 13,
    "/ed-fi/": 13,
    "/api/students/": 12,
    "/api/students/search/?q=fontenot": 12,
    "/api/enrollments/": 12,
    "/api/evaluations/": 13,
    "/api/ieps/": 12,
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
