"""A table is read into typed rows, and a bad cell is named by file, line and column."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import ClassVar

import pytest

from rulebook.tables import BadTable, in_force, read_table


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Crayon:
    KEY: ClassVar = ("number",)

    number: int
    colour: Colour
    sharp: bool
    words: tuple[str, ...]
    bought: date
    authority: str
    note: str = ""
    last_used: datetime | None = None
    last_day: date | None = None


HEADER = "number,colour,sharp,words,bought,authority,note,last_used,last_day"
GOOD = "1,red,yes,long; thin,2024-02-29,Box 3,,,"


@pytest.fixture
def table(tmp_path):
    def write(*lines: str, header: str = HEADER):
        path = tmp_path / "crayons.csv"
        path.write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
        return path

    return write


def test_each_cell_becomes_its_type(table):
    (row,) = read_table(table(GOOD), Crayon)
    assert row == Crayon(1, Colour.RED, True, ("long", "thin"), date(2024, 2, 29), "Box 3")


def test_columns_may_stand_in_any_order(table):
    header = ",".join(reversed(HEADER.split(",")))
    (row,) = read_table(table(",".join(reversed(GOOD.split(","))), header=header), Crayon)
    assert row.colour is Colour.RED


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("x,red,yes,a,2024-02-29,Box 3,,,", "line 2, column number: 'x' is not a whole number"),
        ("1,green,yes,a,2024-02-29,Box 3,,,", "line 2, column colour: 'green' is not one of red, blue"),
        ("1,red,maybe,a,2024-02-29,Box 3,,,", "line 2, column sharp: 'maybe' is not yes or no"),
        ("1,red,yes,a,2023-02-29,Box 3,,,", "line 2, column bought: '2023-02-29' is not a day"),
        ("1,red,yes,a,2024-02-29,Box 3,,soon,", "line 2, column last_used: 'soon' is not a local time"),
        ("1,red,yes,a,2024-02-29,,,,", "line 2, column authority: is empty"),
        ("1,red,yes,a,2024-02-29,Box 3,,", "line 2: has more or fewer cells than columns"),
        ("1,red,yes,a,2024-02-29,Box 3,,,,", "line 2: has more or fewer cells than columns"),
    ],
)
def test_a_bad_cell_is_named(table, line, says):
    with pytest.raises(BadTable, match="crayons.csv, ") as refusal:
        read_table(table(line), Crayon)
    assert says in str(refusal.value)


def test_a_key_stands_once(table):
    with pytest.raises(BadTable, match="line 3: 1 stands already on line 2"):
        read_table(table(GOOD, GOOD), Crayon)


@pytest.mark.parametrize(
    ("header", "says"),
    [
        (HEADER.replace(",note", ""), "missing column note"),
        (HEADER + ",price", "unknown column price"),
        (HEADER + ",note", "a column is written twice"),
    ],
)
def test_columns_are_the_fields(table, header, says):
    with pytest.raises(BadTable, match=says):
        read_table(table(GOOD, header=header), Crayon)


def test_a_table_without_rows_is_a_mistake(table):
    with pytest.raises(BadTable, match="has no rows"):
        read_table(table(), Crayon)


def test_a_row_type_without_authority_is_refused(table):
    @dataclass(frozen=True)
    class Bare:
        number: int

    with pytest.raises(BadTable, match="has no authority"):
        read_table(table("1", header="number"), Bare)


@pytest.mark.parametrize(
    ("on", "valid"), [(date(2024, 6, 30), True), (date(2024, 7, 1), False), (date(1999, 1, 1), True)]
)
def test_a_row_is_in_force_to_its_last_day(table, on, valid):
    rows = read_table(table("1,red,yes,a,2024-02-29,Box 3,,,2024-06-30"), Crayon)
    assert bool(in_force(rows, on)) is valid
