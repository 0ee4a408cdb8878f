"""The extract that the product generates itself, with its known outcome: it runs everywhere."""

import pytest

from ieps.models import Iep, IepStatus
from migration.models import ArchivedRecord, Finding, RunState
from migration.sample import DRAFTS, PAST, write_sample
from security import scope
from students.models import Student
from tests.migration.conftest import counted, places, run_over

pytestmark = pytest.mark.django_db


@pytest.mark.rule("RLO-06")
def test_the_sample_gives_what_it_promises(tmp_path):
    made = write_sample(tmp_path)

    run = run_over(tmp_path / "legser.dat", places(tmp_path))

    assert run.state == RunState.DONE
    assert counted(run) == made.types
    with scope.system():
        found = Finding.objects.filter(run=run).values_list("rule", "key")
        assert sorted(found) == sorted((rule, key) for rule, keys in made.findings.items() for key in keys)
        assert ArchivedRecord.objects.filter(record_type="01").get().legacy_key == f"{700_000 + PAST:09}"
        assert Iep.objects.filter(status=IepStatus.DRAFT).count() == len(DRAFTS)


@pytest.mark.rule("RLO-15")
def test_the_same_extract_a_second_time_doubles_nothing(tmp_path):
    write_sample(tmp_path)
    state = places(tmp_path)
    first = run_over(tmp_path / "legser.dat", state)

    second = run_over(tmp_path / "legser.dat", state)

    assert second.state == RunState.DONE
    assert _counts(second) == _counts(first)
    with scope.system():
        assert Student.objects.count() == 38
        assert not Student.objects.exclude(load_run_id=first.pk).exists()


def test_the_sample_is_always_the_same(tmp_path):
    assert write_sample(tmp_path / "one").content == write_sample(tmp_path / "two").content


def _counts(run):
    return list(run.record_counts.values_list("record_type", "extracted", "migrated", "archived", "rejected"))
