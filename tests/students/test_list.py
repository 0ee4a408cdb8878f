"""The list of students: what is on it, in which order, and how it is narrowed."""

from datetime import date

import pytest

from security import scope
from security.actions.assign import assign
from security.rules.roles import Role
from security.scope import Scope
from students.queries import RosterRows, Wanted
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def page(parish, browse):
    client = browse(parish.manager)
    return lambda **query: client.get("/students/", query).content.decode()


ALL = Wanted()


def last_names(user, wanted=ALL, order=("sort_name", "pk"), part=slice(0, 50)):
    with scope.of(user) as mine:
        return [student.last_name for student in RosterRows(mine, wanted, order)[part]]


def test_the_list_is_sorted_by_name_and_holds_my_children_only(parish, child):
    for name in ("Savoie", "Amédée", "Dugas"):
        child(name)
    child("Castille", district=parish.theirs)
    assert last_names(parish.manager) == ["Amédée", "Dugas", "Savoie"]
    assert last_names(parish.manager, order=("-sort_name", "-pk")) == ["Savoie", "Dugas", "Amédée"]


def test_several_places_are_merged_page_by_page_without_doubles(parish, child):
    both = make.UserFactory(role=Role.DATA_MANAGER, role__district=parish.mine)
    assign(by=None, user=both, role=Role.DATA_MANAGER, district=parish.theirs, first_day=date(2020, 7, 1))
    for n, name in enumerate("ABCDEFGH"):
        child(name, district=(parish.theirs if n % 2 else None))
    moved = child("Moved", district=parish.theirs, district__last_day=date(2024, 1, 1))
    make.JurisdictionFactory(student=moved, district=parish.mine, first_day=date(2024, 1, 2))
    assert last_names(both, part=slice(0, 3)) == ["A", "B", "C"]
    assert last_names(both, part=slice(3, 12)) == ["D", "E", "F", "G", "H", "Moved"]


def test_a_state_role_sees_every_child(parish, child):
    child("Savoie")
    child("Castille", district=parish.theirs)
    assert last_names(make.UserFactory(role=Role.SEA_ADMINISTRATOR)) == ["Castille", "Savoie"]


def test_without_any_place_the_list_is_empty():
    assert RosterRows(Scope(), Wanted())[0:50] == []


NARROWED = [
    ({"name": "dug"}, {"Dugas"}),
    ({"name": "D’UG"}, {"Dugas"}),
    ({"grade": "03"}, {"Savoie"}),
    ({"sped": "yes"}, {"Dugas"}),
    ({"sped": "no"}, {"Savoie", "Petrie"}),
    ({"when": "earlier"}, {"Leaver"}),
    ({"name": "zz"}, set()),
    ({"grade": "nonsense", "page": "-1", "size": "7"}, {"Dugas", "Savoie", "Petrie"}),
]


@pytest.mark.parametrize(("query", "shown"), NARROWED)
def test_each_filter_narrows_the_list(parish, child, page, query, shown):
    make.ActivityFactory(student=child("Dugas"), district=parish.mine)
    child("Savoie", grade="03")
    child("Petrie", district__site=parish.other)
    child("Leaver", district__last_day=date(2024, 5, 22))
    found = {name for name in ("Dugas", "Savoie", "Petrie", "Leaver") if f"{name}, Jules" in page(**query)}
    assert found == shown


def test_the_school_filter_offers_my_schools(parish, child, page):
    child("Dugas")
    child("Petrie", district__site=parish.other)
    found = page(site=parish.other.pk)
    assert "Petrie, Jules" in found
    assert "Dugas, Jules" not in found
    assert "Heron High" in found


def test_the_export_links_carry_the_filters(parish, child, page):
    child("Dugas")
    assert "/lists/students/export?name=dug&amp;sort=-grade&amp;format=xlsx" in page(
        name="dug", sort="-grade"
    )


def test_an_empty_list_says_why_and_what_to_do(page):
    assert "There are no students under your districts and schools yet." in page()
    assert "No student fits these filters." in page(name="zz")


def test_the_list_asks_few_questions_however_many_rows(parish, child, browse, django_assert_max_num_queries):
    for n in range(30):
        child(f"Name {n:02}")
    client = browse(parish.manager)
    with django_assert_max_num_queries(22):
        client.get("/students/")


def test_a_count_stops_at_its_cap(parish, child):
    for n in range(4):
        child(f"Name {n}")
    with scope.of(parish.manager) as mine:
        assert str(RosterRows(mine, Wanted()).count(cap=3)) == "3+"
        assert str(RosterRows(mine, Wanted()).count(cap=4)) == "4"


def test_the_state_sees_its_list_with_a_count(parish, child, browse):
    child("Castille", district=parish.theirs)
    page = browse(make.UserFactory(role=Role.SEA_ADMINISTRATOR)).get("/students/").content.decode()
    assert "Castille, Jules" in page
    assert "1 to 1 of 1" in page
