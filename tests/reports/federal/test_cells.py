"""For any population: the sums agree, nobody is lost, and the written files say the same when read back."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.rules.federal.cells import CATEGORIES, cells_of, in_table_order, rows_of, total
from reports.rules.federal.records import FileOf, Form, Place, header_line, lines
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import permitted, sets, state_id
from tests.reports.federal.reader import Read
from tests.reports.federal.records import DAY

YEAR, SPECS = 2027, ("FS002", "FS089", "FS009")


def populations(spec: str):
    """Any children with permitted codes, MISSING among them."""
    codes = [st.sampled_from(list(permitted(spec, category, YEAR))) for category in CATEGORIES[spec]]
    return st.lists(st.tuples(*codes), max_size=60)


@pytest.mark.parametrize("spec", SPECS)
@settings(max_examples=12)
@given(data=st.data())
def test_every_set_sums_to_the_number_of_children_and_is_read_back(spec, data):
    children = data.draw(populations(spec))
    form = data.draw(st.sampled_from(Form))
    cells = cells_of(spec, Level.DISTRICT, YEAR, Counter(children).items())
    assert {name: sum(counts.values()) for name, counts in cells.items()} == dict.fromkeys(
        cells, len(children)
    )
    zeros = not children or data.draw(st.sampled_from([False, False, False, True]))
    read = Read(*written(spec, form, cells, zeros))
    read.check()
    ((_, sets),) = read.by_set().items()
    shown = {name: {codes: n for codes, n in counts.items() if n} for name, counts in sets.items()}
    assert shown == {name: dict(counts) for name, counts in cells.items()}
    assert total(cells) == len(children)


def written(spec: str, form: Form, cells, zeros: bool) -> tuple[bytes, str, str, str]:
    file = FileOf(spec, Level.DISTRICT, state_id("LA"), DAY, form)
    records = [(Place("036"), row) for row in rows_of(spec, Level.DISTRICT, YEAR, cells, zeros)]
    body = "".join([header_line(file, len(records), "test"), *lines(file, records)])
    return body.encode(), form.value, spec, "LEA"


@pytest.mark.parametrize(
    ("spec", "level", "n"), [("FS002", "SEA", 2_712), ("FS002", "SCH", 2_712), ("FS089", "LEA", None)]
)
def test_a_place_without_children_has_a_zero_for_every_combination(spec, level, n):
    rows = list(rows_of(spec, Level(level), YEAR, {}, True))
    assert {row.n for row in rows} == {0}
    assert n in (None, len(rows))
    assert not any("MISSING" in row.codes for row in rows)


def test_developmental_delay_has_zeros_at_its_own_ages_only():
    rows = rows_of("FS002", Level.DISTRICT, YEAR, {}, True)
    ages = {row.codes[0] for row in rows if row.set.set == "CSB" and row.codes[1] == "DD"}
    assert ages == {"AGE05K", "6", "7", "8"}


@pytest.mark.parametrize(
    ("spec", "level", "name"),
    [("FS002", "LEA", "LALEAIDEADISABv000001.csv"), ("FS089", "SEA", "LASEACHWDSBERLCHDv001.csv")],
)
def test_a_file_name_has_25_characters(spec, level, name):
    file = FileOf(spec, Level(level), state_id("LA"), DAY, Form.CSV)
    assert (file.name, len(file.name), file.period) == (name, 25, "2026-2027")


def test_cells_stand_in_the_order_of_the_tables():
    row = next(row for row in sets("FS002", Level.DISTRICT, YEAR) if row.categories == ("AGESA",))
    found = [("MISSING",), ("10",), ("6",), ("AGE05K",)]
    assert in_table_order("FS002", row, YEAR, found) == [("AGE05K",), ("6",), ("10",), ("MISSING",)]
