"""The worked example: forty children by hand, what becomes of each, and every cell that is not empty."""

import csv
from collections import defaultdict
from datetime import date
from pathlib import Path

import pytest

from organizations.rules.calendar import age_on
from reports.rules.federal.cells import cells_of, columns_of
from reports.rules.federal.child import Facts, Standing, stands
from reports.rules.federal.rows import Level
from tests.reports.federal.records import DAY

HERE, YEAR = Path(__file__).parent, 2027


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


CHILDREN = rows("forty_children.csv")


def facts(row: dict[str, str]) -> Facts:
    return Facts(
        age=age_on(DAY, date.fromisoformat(row["born"])), grade=row["grade"], sex=row["sex"],
        hispanic={"Y": True, "N": False, "": None}[row["hispanic"]], races=row["races"],
        exceptionality=row["exceptionality"], eligible=row["evaluation"] == "eligible",
        environment=row["environment"], has_iep=row["iep"] == "yes", english_learner=row["english_learner"],
        enrolled=row["enrolled"] == "yes", elsewhere=row["other_district"] == "yes", year=YEAR,
    )  # fmt: skip


@pytest.mark.parametrize("row", CHILDREN, ids=[f"{row['n']} {row['why']}" for row in CHILDREN])
def test_each_child_stands_where_an_expert_put_it(row):
    found = stands(facts(row))
    said = (found.file, found.reasons, found.age, found.race, found.disability, found.english_learner)
    named = (row[name] for name in ("file", "reasons", "age", "race", "disability", "learner"))
    file, reasons, *others = named
    assert said == (file, tuple(reasons.split()), *others)
    assert found.counted == (row["counted"] == "yes")


def expected() -> dict[str, dict[str, dict[tuple[str, ...], int]]]:
    cells: dict = defaultdict(lambda: defaultdict(dict))
    for row in rows("forty_cells.csv"):
        cells[row["file"]][row["set"]][tuple(row["codes"].split())] = int(row["n"])
    return cells


@pytest.mark.parametrize("spec", ["FS002", "FS089"])
def test_every_cell_holds_as_many_as_an_expert_counts(spec):
    counted = [each for row in CHILDREN if (each := stands(facts(row))).counted and each.file == spec]
    found = cells_of(spec, Level.DISTRICT, YEAR, ((codes(spec, each), 1) for each in counted))
    assert {name: dict(cells) for name, cells in found.items()} == expected()[spec]


def codes(spec: str, child: Standing) -> tuple[str, ...]:
    return tuple(getattr(child, column) for column in columns_of(spec))
