"""Small extracts in a folder with the places they speak of, and what the tests of findings ask of a run."""

from pathlib import Path

from migration.models import FindingCase, LoadRun
from migration.sample import LEAS_CSV, SITES_CSV, Record, child, staff, write_extract
from organizations.models import District
from security import scope
from security.models import User
from security.rules.roles import Role
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over

Children = dict[int, dict[str, dict[str, str]]]


def write(folder: Path, children: Children, more: tuple[Record, ...] = ()) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "leas.csv").write_text(LEAS_CSV)
    (folder / "sites.csv").write_text(SITES_CSV)
    records = [(code, values) for records in children.values() for code, values in records.items()]
    file = folder / "legser.dat"
    file.write_bytes(write_extract([*records, staff(), *more]))
    return file


def run_of(folder: Path, children: Children, more: tuple[Record, ...] = ()) -> LoadRun:
    file = write(folder, children, more)
    return run_over(file, places(folder))


def changed(number: int, code: str, **values: str) -> Children:
    """One child, with other values in the record of one type."""
    records = child(number)
    records[code] |= values
    return {number: records}


def case_of(rule: str) -> FindingCase:
    with scope.system():
        return FindingCase.objects.select_related("district").get(rule=rule)


def steps_of(rule: str) -> list[str]:
    with scope.system():
        return list(FindingCase.objects.get(rule=rule).steps.values_list("deed", flat=True))


def state_administrator() -> User:
    return UserFactory(role=Role.SEA_ADMINISTRATOR)


def data_manager(code: str = "911") -> User:
    return UserFactory(role=Role.DATA_MANAGER, role__district=District.objects.get(code=code))
