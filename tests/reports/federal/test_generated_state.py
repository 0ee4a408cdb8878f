"""A state made by chance is counted, written at every level in every form, and read back."""

import io

import pytest

from reports.federal.files import identifier, write
from reports.federal.freeze import freeze
from reports.models import Kind
from reports.rules.federal.records import FileOf, Form
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import state_id
from security import scope
from security.rules.roles import Role
from tests import factories as make
from tests.reports.federal.generated import (
    EARLY,
    EXITS,
    SCHOOL_AGE,
    YEAR_ENDS,
    Made,
    generated,
    generated_exits,
)
from tests.reports.federal.reader import Read
from tests.reports.federal.records import DAY

FILES = [
    (SCHOOL_AGE, Level.STATE), (SCHOOL_AGE, Level.DISTRICT), (SCHOOL_AGE, Level.SCHOOL),
    (EARLY, Level.STATE), (EARLY, Level.DISTRICT),
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [9])
def test_every_cell_of_a_generated_state_is_read_back_at_every_level_in_every_form(seed):
    made = generated(seed)
    snapshots = [frozen(district, Kind.COUNT, DAY) for district in made.districts]
    with scope.elevated():
        read = {(spec, level): in_every_form(snapshots, spec, level) for spec, level in FILES}
    for (spec, level), file in read.items():
        agrees(file, made, spec, level)
    assert places(made) == {key: len(file.by_set()) for key, file in read.items()}


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [9])
def test_everybody_who_left_in_a_year_stands_once_in_the_files_of_the_exits(seed):
    made = generated_exits(seed)
    snapshots = [frozen(district, Kind.EXITS, YEAR_ENDS) for district in made.districts]
    with scope.elevated():
        for level in (Level.STATE, Level.DISTRICT):
            agrees(in_every_form(snapshots, EXITS, level), made, EXITS, level)


def frozen(district, kind, day):
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=district)
    with scope.of(manager):
        return freeze(by=manager, district=district, kind=kind, day=day)


def agrees(file: Read, made: Made, spec: str, level: Level) -> None:
    file.check()
    file.check_zeros()
    assert filled(file) == made.expected(spec, level), (spec, level)


def in_every_form(snapshots, spec: str, level: Level) -> Read:
    """One of them; the fields of the others are the same, each taken from where its form has it."""
    day = snapshots[0].day
    read = [written(snapshots, FileOf(spec, level, state_id("LA"), day, form)) for form in Form]
    assert [each.rows for each in read] == [read[0].rows] * len(read)
    return read[0]


def written(snapshots, file: FileOf) -> Read:
    target = io.BytesIO()
    n = write(target, snapshots, file, identifier(file, file.day))
    found = Read(target.getvalue(), file.form.value, file.spec, file.level.value)
    assert (found.header["FileName"], found.header["TotalRecordsInFile"]) == (file.name, str(n))
    return found


def filled(file: Read) -> dict:
    """Without the zeros, and without places that have nothing else."""
    found = {
        place: {name: {codes: n for codes, n in cells.items() if n} for name, cells in sets.items()}
        for place, sets in file.by_set().items()
    }
    return {place: sets for place, sets in found.items() if any(sets.values())}


def places(made: Made) -> dict:
    """All have zeros, but for early childhood the district that serves nobody so young."""
    n = len(made.districts)
    numbers = (1, n, 2 * n, 1, n - 1)
    return dict(zip(FILES, numbers, strict=True))
