"""A count is frozen, certified, reopened and put right, once each."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from journal.models import Entry
from reports.federal.certify import certify, reopen
from reports.federal.difference import difference
from reports.federal.freeze import freeze
from reports.federal.take_over import take_over
from reports.models import Snapshot, SnapshotChild
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.reports.federal.records import DAY, child, evaluate

pytestmark = pytest.mark.django_db
WHY = "A race was wrong in the feed."


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Cypress Parish")


@pytest.fixture
def school(mine):
    return make.SiteFactory(district=mine)


@pytest.fixture
def manager(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


@pytest.fixture
def frozen(manager, mine, school):
    """One child that is counted and one without a race."""
    child(mine, school, last_name="Fontenot")
    child(mine, school, last_name="Guidry", races="")
    with scope.of(manager):
        return freeze(by=manager, district=mine, day=DAY)


def rows(snapshot) -> dict[str, SnapshotChild]:
    with scope.elevated():
        return {row.student.last_name: row for row in snapshot.children.select_related("student")}


def test_every_child_of_the_day_is_counted_or_listed_with_the_reason(frozen):
    found = rows(frozen)
    assert (found["Fontenot"].counted, found["Fontenot"].age, found["Fontenot"].race) == (True, "10", "WH7")
    assert (found["Guidry"].counted, found["Guidry"].reasons) == (False, ["NO_RACE"])
    assert (frozen.enrolled, Entry.objects.get(kind="COUNT_FROZEN").district_id) == (2, frozen.district_id)


def test_a_day_that_lies_ahead_is_not_counted(manager, mine):
    with scope.of(manager), pytest.raises(RuleBroken, match="lies in the future"):
        freeze(by=manager, district=mine, day=timezone.localdate() + timedelta(days=1))


def test_a_count_is_certified_once(manager, frozen):
    with scope.of(manager):
        certify(by=manager, snapshot=frozen)
        with pytest.raises(RuleBroken, match="certified this count on .* not certified twice"):
            certify(by=manager, snapshot=frozen)
        with pytest.raises(RuleBroken, match="was certified. Reopen it"):
            freeze(by=manager, district=frozen.district, day=DAY)


def test_a_count_that_nobody_certified_gives_way_to_a_later_one(manager, frozen):
    with scope.of(manager):
        again = freeze(by=manager, district=frozen.district, day=DAY)
        frozen.refresh_from_db()
        assert (frozen.state, again.state) == ("REPLACED", "FROZEN")
        with pytest.raises(RuleBroken, match="A later count"):
            certify(by=manager, snapshot=frozen)


def test_only_whose_the_district_is_certifies(frozen, mine):
    registrar = make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine)
    stranger = make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    for person in (registrar, stranger, state):
        with scope.of(person), pytest.raises(NotAllowed, match="data manager of Cypress Parish can certify"):
            certify(by=person, snapshot=frozen)


def correct(name: str, **facts) -> int:
    with scope.elevated():
        Student.objects.filter(last_name=name).update(**facts)
        return Student.objects.get(last_name=name).pk


def test_a_correction_is_made_once_in_the_record_and_taken_over(manager, frozen):
    pk = correct("Guidry", races="B")
    with scope.of(manager):
        (found,) = difference(frozen)
        assert {change.field: (change.frozen, change.live) for change in found.changes} == {
            "counted": (False, True), "reasons": (["NO_RACE"], []), "race": ("", "BL7"),
        }  # fmt: skip
        certify(by=manager, snapshot=frozen)
        with pytest.raises(RuleBroken, match="reopen it first"):
            take_over(by=manager, snapshot=frozen, student_id=pk)
        with pytest.raises(RuleBroken, match="why the count is reopened"):
            reopen(by=manager, snapshot=frozen, reason=" ")
        reopen(by=manager, snapshot=frozen, reason=WHY)
        kept = take_over(by=manager, snapshot=frozen, student_id=pk)
        assert (kept.before["race"], kept.after["race"]) == ("", "BL7")
        assert difference(frozen) == []
        with pytest.raises(RuleBroken, match="already says"):
            take_over(by=manager, snapshot=frozen, student_id=pk)
        assert certify(by=manager, snapshot=frozen).is_certified


def test_what_only_an_edit_check_asks_for_is_taken_over_too(manager, frozen):
    """Check 13 asked for the last evaluation; the cell of the child stays what it was."""
    with scope.elevated():
        late = Student.objects.get(last_name="Fontenot")
    evaluate(late, frozen.district, "SLD", on=DAY - timedelta(days=9))
    with scope.of(manager):
        (found,) = difference(frozen)
        assert [(change.label, change.live) for change in found.changes] == [
            ("Last evaluation", DAY - timedelta(days=9))
        ]
        reopen(by=manager, snapshot=frozen, reason=WHY)
        take_over(by=manager, snapshot=frozen, student_id=late.pk)
        assert difference(frozen) == []
    assert rows(frozen)["Fontenot"].evaluated_on == DAY - timedelta(days=9)


def test_a_child_that_came_or_went_since_is_taken_over_too(manager, frozen, mine, school):
    late = child(mine, school, last_name="Late")
    gone = correct("Fontenot")
    with scope.elevated():
        Student.objects.get(pk=gone).activities.update(last_day=DAY)
    with scope.of(manager):
        reopen(by=manager, snapshot=frozen, reason=WHY)
        found = {each.student_id: each for each in difference(frozen)}
        assert (found[late.pk].frozen, found[gone].live) == (None, None)
        for pk in found:
            take_over(by=manager, snapshot=frozen, student_id=pk)
    assert {name: row.counted for name, row in rows(frozen).items()} == {"Guidry": False, "Late": True}


@pytest.mark.parametrize("state", ["FROZEN", "CERTIFIED"])
def test_the_database_itself_keeps_what_is_frozen(state, manager, frozen):
    with scope.elevated():
        Snapshot.objects.update(state=state, certified_by=manager, certified_at=timezone.now())
        with pytest.raises(Exception, match="changes only in a count that was reopened"), scope.elevated():
            frozen.children.update(race="HI7")
        with pytest.raises(Exception, match="Cannot update rows"), scope.elevated():
            Snapshot.objects.update(day=date(2025, 10, 1))


def test_the_count_is_as_of_its_day(manager, mine, school):
    """What happened after the day does not count, what was so on it does."""
    moved = child(mine, school, last_name="Moved")
    late = child(mine, school, last_name="Reevaluated")
    evaluate(late, mine, "AUT", on=DAY + timedelta(days=20))
    with scope.elevated():
        moved.activities.update(last_day=DAY + timedelta(days=9))
        moved.enrollments.update(last_day=DAY + timedelta(days=9), exit_code="1940")
    with scope.of(manager):
        found = rows(freeze(by=manager, district=mine, day=DAY))
    assert {name: (row.counted, row.disability) for name, row in found.items()} == {
        "Moved": (True, "SLD"), "Reevaluated": (True, "SLD"),
    }  # fmt: skip


def test_a_child_in_two_districts_is_counted_in_neither(manager, mine, school, frozen):
    theirs = make.DistrictFactory()
    with scope.elevated():
        twice = Student.objects.get(last_name="Fontenot")
    make.ActivityFactory(student=twice, district=theirs)
    with scope.of(manager):
        (found,) = difference(frozen)
    assert found.live["reasons"] == ["TWO_DISTRICTS"]


def test_another_district_sees_neither_count_nor_children(frozen):
    stranger = make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())
    with scope.of(stranger):
        assert not Snapshot.objects.exists()
        assert not SnapshotChild.objects.exists()
