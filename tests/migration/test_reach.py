"""What the rollover keeps about children is seen by their district and by the state, by nobody else."""

import pytest

from migration.models import ArchivedRecord, Finding, RejectedRow
from migration.sample import write_sample
from organizations.models import District
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over

pytestmark = pytest.mark.django_db


@pytest.fixture
def _loaded(tmp_path):
    write_sample(tmp_path)
    run_over(tmp_path / "legser.dat", places(tmp_path))


def of_district(code: str):
    return UserFactory(role=Role.DATA_MANAGER, role__district=District.objects.get(code=code))


@pytest.mark.usefixtures("_loaded")
@pytest.mark.parametrize("model", [Finding, RejectedRow, ArchivedRecord])
def test_rows_about_children_stay_within_their_district(model):
    with scope.of(of_district("911")):
        assert model.objects.exists()
    with scope.of(of_district("912")):
        assert not model.objects.exists()


@pytest.mark.usefixtures("_loaded")
def test_each_district_sees_exactly_the_children_it_answers_for():
    with scope.of(of_district("911")):
        assert Student.objects.count() == 36
    with scope.of(of_district("912")):
        assert set(Student.objects.values_list("legacy_key", flat=True)) == {"000700039", "000700040"}


@pytest.mark.usefixtures("_loaded")
def test_without_a_scope_nothing_is_seen():
    assert not any(model.objects.exists() for model in (Student, Finding, RejectedRow, ArchivedRecord))
