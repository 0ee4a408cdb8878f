"""The list of deadlines and the supervisor's view: every number opens exactly what it counted."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate()


def in_days(n):
    return TODAY + timedelta(days=n)


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def school(mine):
    return make.SiteFactory(district=mine, name="Heron School")


@pytest.fixture
def solange(mine):
    return make.UserFactory(
        role=Role.EVALUATION_COORDINATOR, role__district=mine, first_name="Solange", last_name="Fuselier"
    )


@pytest.fixture
def supervisor(mine):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine)


def due(district, days, name="Jules", **facts):
    child = make.StudentFactory(district=district, last_name=name)
    facts = {"due_on": None, "why_not": "No calendar."} | facts if days is None else facts
    facts = facts if days is None else {"due_on": in_days(days)} | facts
    return make.DeadlineFactory(student=child, district=district, **facts)


def fill(mine, school, solange):
    due(mine, -3, "Late", responsible=solange, site=school)
    due(mine, 0, "Today", responsible=solange, site=school)
    due(mine, 6, "Sixth", responsible=solange)
    due(mine, 7, "Seventh", number="D08")
    due(mine, 56, "Last", number="D08")
    due(mine, 57, "Beyond", number="D08")
    due(mine, None, "Dayless", record_kind="enrollment")
    due(mine, -30, "Done", standing="MET", met_on=in_days(-31))
    due(make.DistrictFactory(name="Bayou Verde Parish"), -9, "Elsewhere")


def rows_of(page: str) -> list[str]:
    names = ("Late", "Today", "Sixth", "Seventh", "Last", "Beyond", "Dayless", "Done", "Elsewhere")
    return [name for name in names if f">{name}, " in page]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"when": "overdue"}, ["Late"]),
        ({"when": "week"}, ["Today", "Sixth"]),
        ({"when": "later"}, ["Seventh", "Last"]),
        ({"when": "no-day"}, ["Dayless"]),
        ({"number": "D08"}, ["Seventh", "Last", "Beyond"]),
        ({"who": "nobody", "number": "D02"}, ["Dayless"]),
        ({"who": "fuse", "when": "overdue"}, ["Late"]),
        ({"who": "me"}, []),
        ({}, ["Late", "Today", "Sixth", "Seventh", "Last", "Beyond", "Dayless"]),
    ],
)
def test_the_list_is_narrowed_by_person_deadline_and_time(
    asked, found, mine, school, solange, supervisor, browse
):
    fill(mine, school, solange)
    assert rows_of(browse(supervisor).get("/caseload/deadlines/", asked).content.decode()) == found


def test_every_number_of_the_overview_opens_as_many_rows(mine, school, solange, supervisor, browse):
    fill(mine, school, solange)
    client = browse(supervisor)
    page = client.get("/caseload/overview/").content.decode()
    links = re.findall(r'<a href="(/caseload/deadlines/[^"]+)">(\d+)</a>', page)
    assert len(links) >= 9
    for address, n in links:
        shown = client.get(unescape(address)).content.decode()
        assert len(rows_of(shown)) == int(n), address
    assert AccessRecord.objects.filter(user=supervisor, what="list of deadlines").exists()


def test_a_school_reader_is_shown_the_own_school_alone(mine, school, solange, browse):
    fill(mine, school, solange)
    child = make.StudentFactory(district=mine, district__site=school, last_name="Here")
    make.DeadlineFactory(student=child, district=mine, site=school, due_on=in_days(1))
    reader = make.UserFactory(role=Role.READER, role__site=school)
    page = browse(reader).get("/caseload/deadlines/").content.decode()
    assert ">Here, " in page
    assert rows_of(page) == []


def test_many_children_take_as_many_queries_as_few(mine, school, solange, supervisor, browse):
    client = browse(supervisor)
    taken = []
    for many in (4, 20):
        for n in range(many):
            due(mine, n - 9, responsible=solange, site=school)
        counted = []
        for address in ("/caseload/deadlines/?size=100", "/caseload/overview/"):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                client.get(address)
            counted.append(len(queries))
        taken.append(counted)
    assert taken[0] == taken[1]
    assert max(taken[1]) <= 14
