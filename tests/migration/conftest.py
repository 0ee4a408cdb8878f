"""The extract with its answer key, where it lies beside the checkout, and a run over it."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from migration.actions import roll_over, start_rollover
from migration.actions.places import load_places
from migration.models import LoadRun
from organizations.models import State
from security import scope
from tests.database import database

ROOT = Path(__file__).resolve().parents[2]
GRAND_BEND = ROOT.parent / "shared" / "data" / "legacy" / "grand-bend"


@pytest.fixture(scope="session")
def grand_bend() -> Path:
    if not GRAND_BEND.is_dir():
        pytest.skip("The Grand Bend extract is not beside the checkout (../shared/data/legacy/grand-bend).")
    return GRAND_BEND


@pytest.fixture(scope="session")
def answers(grand_bend: Path) -> dict:
    return json.loads((grand_bend / "answers.json").read_text())


def places(folder: Path) -> State:
    with scope.system():
        return load_places(folder, "LA")


def start(file: Path, state: State) -> LoadRun:
    with scope.system():
        return start_rollover(by=None, state=state, path=file)


def run_over(file: Path, state: State) -> LoadRun:
    """A whole run over one file, as it stands at its end."""
    run = start(file, state)
    roll_over(run.pk)
    return LoadRun.objects.get(pk=run.pk)


def counted(run: LoadRun) -> dict[str, dict[str, int]]:
    """The account of a run, as an answer key has it."""
    names = ("extracted", "migrated", "archived", "rejected")
    return {c.record_type: {name: getattr(c, name) for name in names} for c in run.record_counts.all()}


def environment(database: str) -> dict[str, str]:
    """For a process of its own over a test's database."""
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "eser.settings",
        "ESER_DB_NAME": database,
        "ESER_DONT_START": "1",
        "PYTHONPATH": str(ROOT),
    }


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, worker_id: str, grand_bend: Path) -> Iterator[LoadRun]:
    """One run over the whole extract, in a database that the module's tests only read."""
    with django_db_blocker.unblock(), database(f"test_eser_{worker_id}_grand_bend"):
        yield run_over(grand_bend / "legser.dat", places(grand_bend / "reference"))
