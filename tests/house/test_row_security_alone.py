"""Row-level security holds alone: with every filter of the program taken away it still hides the child."""

import pytest

from security import scope
from security.rules.addresses import Outcome, Relation, addresses
from students import queries
from students.models import Student, StudentAccess
from students.models import student as of_student
from students.models.student_access import StudentAccessQuerySet
from students.queries import RosterRows, Wanted
from tests import factories as make
from tests.house.elsewhere import records_at
from tests.house.test_matrix import answers, person_of

pytestmark = pytest.mark.django_db
ANYWHERE = "({districts} IS NOT NULL OR {rolled_up} OR {sites} IS NULL)"


@pytest.fixture
def unfiltered(monkeypatch):
    """Every `visible_to` and `in_scope` lets everything through."""
    monkeypatch.setattr(of_student, "REACHED", "({child} IS NOT NULL AND " + ANYWHERE + ")")
    monkeypatch.setattr(queries, "IN_PLACES", ANYWHERE)
    plan_anew()
    monkeypatch.setattr(StudentAccessQuerySet, "in_scope", lambda rows, places: rows)
    monkeypatch.setattr(queries, "_rows_of", lambda places: StudentAccess.objects.all())
    yield
    plan_anew()


def plan_anew() -> None:
    of_student._one.cache_clear()
    queries._by_keys.cache_clear()


@pytest.fixture
def home():
    district = make.DistrictFactory(name="Heron Parish")
    return records_at(district, make.SiteFactory(district=district))


def test_the_filters_are_taken_away(unfiltered, home):
    """Otherwise the tests below would prove nothing."""
    other = person_of(Relation.OTHER, home)
    with scope.system():
        assert home.student in Student.objects.visible_to(other)
        assert Student.objects.one_visible_to(other, home.student.pk) == home.student
        assert home.student in RosterRows(other.scope(), Wanted())[0:50]
        assert queries.with_places([home.student.pk], other.scope())


def test_row_level_security_alone_hides_another_districts_child(unfiltered, home):
    """Who has no role at all is led away before anything is read."""
    person = person_of(Relation.OTHER, home)
    shown = [
        (row.address, row.method)
        for row, outcome in answers(person, home, addresses())
        if outcome == Outcome.SHOWS
    ]
    assert shown == []
