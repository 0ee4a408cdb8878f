"""34 CFR 300.614: whoever sees a child's record, in whatever way, leaves a line. A page costs one insert."""

import pytest
from django.test import Client

from security import scope
from security.models import AccessRecord, How
from security.rules.roles import Role
from tests import factories as make
from tests.conftest import asked

pytestmark = pytest.mark.django_db
CHILDREN = 50


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def manager(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


@pytest.fixture
def children(mine):
    return [make.StudentFactory(district=mine, last_name="Fontenot") for _ in range(CHILDREN)]


def lines_of(user) -> list[tuple[int, str, str]]:
    with scope.system():
        rows = AccessRecord.objects.filter(user=user)
        return sorted(rows.values_list("student_id", "how", "purpose"))


@pytest.mark.parametrize("address", ["/students/", "/lists/students/", "/students/search?q=fontenot"])
def test_a_list_of_fifty_children_costs_one_insert(browse, manager, children, address):
    with asked() as statements:
        browse(manager).get(address)
    assert sum("INSERT INTO security_accessrecord" in sql for sql in statements) == 1
    assert lines_of(manager) == sorted((child.pk, How.LISTED, "Data manager") for child in children)


def test_a_list_over_the_api_leaves_a_line_for_each_child(browse, manager, children):
    browse(manager).get("/api/students/")
    assert lines_of(manager) == sorted((child.pk, How.LISTED, "API") for child in children)


@pytest.mark.parametrize("format", ["csv", "xlsx"])
def test_a_file_leaves_a_line_for_each_child_in_it_with_the_reason(browse, manager, children, format):
    sent = {"format": format, "reason": "count check"}
    answer = browse(manager).post("/lists/students/export?name=fontenot", sent)
    assert b"".join(answer.streaming_content)
    assert lines_of(manager) == sorted((child.pk, How.TAKEN, "count check") for child in children)


def test_children_seen_in_a_list_do_not_become_recent_students(browse, manager, children):
    client = browse(manager)
    client.get(f"/students/{children[0].pk}/")
    client.get("/students/")
    recent = client.get("/").context["recent"]
    assert [child.pk for child, _ in recent] == [children[0].pk]


def test_a_child_of_another_district_leaves_no_line(browse, manager):
    elsewhere = make.StudentFactory(district=make.DistrictFactory())
    assert browse(manager).get(f"/students/{elsewhere.pk}/").status_code == 404
    assert lines_of(manager) == []


def test_without_signing_in_there_is_no_line(children):
    Client().get("/students/")
    with scope.system():
        assert not AccessRecord.objects.exists()
