"""A child moves to another district: what was begun is finished there, and not read by the earlier one."""

import pytest
from django.utils import timezone

from evaluations import actions
from evaluations.models import Evaluation, ReportText
from security import scope
from security.refusals import NotAllowed
from security.rules.roles import Role
from tests.factories import DistrictFactory, JurisdictionFactory, UserFactory, write_report


@pytest.fixture
def elsewhere(child, parish):
    """The coordinator of the district that answers since today."""
    there = DistrictFactory(name="Bayou Verde", state=parish.state)
    yesterday = timezone.localdate() - timezone.timedelta(days=1)
    with scope.elevated():
        child.jurisdictions.update(last_day=yesterday)
    JurisdictionFactory(student=child, district=there, first_day=timezone.localdate())
    return UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=there)


def seen_by(person) -> tuple[bool, bool]:
    with scope.of(person):
        return Evaluation.objects.exists(), ReportText.objects.exists()


@pytest.fixture
def moved_on(evaluation, elsewhere):
    with scope.of(elsewhere):
        actions.write_section(
            by=elsewhere, evaluation=evaluation, section="screening", text="Hears well.", version=0
        )
    return evaluation


def test_what_the_next_district_writes_is_its_own(moved_on, elsewhere, coordinator):
    assert (seen_by(elsewhere), seen_by(coordinator)) == ((True, True), (False, False))


def test_until_then_the_earlier_district_sees_what_it_began(evaluation, elsewhere, coordinator):
    assert (seen_by(elsewhere)[0], seen_by(coordinator)[0]) == (True, True)


def test_a_refused_deed_of_the_earlier_district_moves_nothing(evaluation, elsewhere, coordinator):
    with pytest.raises(NotAllowed), scope.of(coordinator):
        actions.write_section(
            by=coordinator, evaluation=evaluation, section="screening", text="Hears.", version=0
        )
    assert seen_by(coordinator) == (True, False)


def test_unlocked_it_goes_along_too(decided, coordinator, elsewhere, supervisor):
    """What is locked stays with who locked it, until the next district opens it again."""
    write_report(decided, coordinator)
    with scope.elevated():
        decided.locked = True
        decided.save(update_fields=["locked"])
    boss = UserFactory(role=Role.SPED_SUPERVISOR, role__district=elsewhere.assignments.get().district)
    assert seen_by(coordinator)[0]
    with scope.of(boss):
        actions.unlock(by=boss, evaluation=decided, reason="The day was typed wrong.")
    assert (seen_by(boss)[0], seen_by(coordinator)[0]) == (True, False)
