"""The extract with its answer key, where it lies beside the checkout."""

import json
from pathlib import Path

import pytest

from migration.actions import roll_over, start_rollover
from migration.actions.places import load_places
from migration.models import LoadRun
from organizations.models import State
from security import scope

GRAND_BEND = Path(__file__).resolve().parents[3] / "shared" / "data" / "legacy" / "grand-bend"


@pytest.fixture
def grand_bend() -> Path:
    if not GRAND_BEND.is_dir():
        pytest.skip("The Grand Bend extract is not beside the checkout (../shared/data/legacy/grand-bend).")
    return GRAND_BEND


@pytest.fixture
def answers(grand_bend: Path) -> dict:
    return json.loads((grand_bend / "answers.json").read_text())


def run_extract(folder: Path, state: State, file_name: str = "legser.dat") -> LoadRun:
    with scope.system():
        run = start_rollover(by=None, state=state, path=folder / file_name)
    roll_over(run.pk)
    return LoadRun.objects.get(pk=run.pk)


@pytest.fixture
def loaded(db, grand_bend: Path) -> LoadRun:
    with scope.system():
        state = load_places(grand_bend / "reference", "LA")
    return run_extract(grand_bend, state)
