"""Reads federal files back, knowing nothing of the program: its own small parser over the layout tables.

Positions and lengths come from the CSV files that an expert reads, by the csv module alone.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import product
from pathlib import Path

TABLES = Path(__file__).resolve().parents[3] / "reports" / "rules" / "federal"
TOTAL, MISSING = "EUT", "MISSING"
SEPARATORS = {"csv": ",", "tab": "\t"}
Place = tuple[str, str]
Sets = dict[str, dict[tuple[str, ...], int]]


@cache
def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def fields_of(columns: Iterable[dict[str, str]]) -> list[dict[str, str]]:
    return [row for row in columns if row["kind"] != "line end"]


@cache
def sets_of(spec: str, level: str) -> dict[str, tuple[tuple[str, ...], str]]:
    """By set its categories and its total indicator."""
    return {
        row["set"]: (tuple(filter(None, row["categories"].split("; "))), row["total_indicator"])
        for row in table("category_sets.csv") if (row["file_spec"], row["level"]) == (spec, level)
    }  # fmt: skip


@cache
def allowed(spec: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for row in table("permitted_values.csv"):
        if row["file_spec"] == spec:
            found[row["category"]].add(row["code"])
    return found


@dataclass
class Record:
    fields: dict[str, str]
    codes: dict[str, str]
    amount: int
    indicator: str
    place: Place


class Read:
    """A file taken apart. Raises AssertionError where a record is not as its layout says."""

    def __init__(self, written: bytes, form: str, spec: str, level: str) -> None:
        self.spec, self.level, self.form = spec, level, form
        head, *lines = written.decode("ascii").split("\n")
        assert lines.pop() == "", "the last record has no line end"
        heads = fields_of(table("header.csv"))
        (said,) = self._taken_apart([head], heads)
        self.header = dict(zip([row["column"] for row in heads], said, strict=True))
        self.columns = fields_of(
            row for row in table("layouts.csv") if (row["file_spec"], row["level"]) == (spec, level)
        )
        self.rows = self._taken_apart(lines, self.columns)

    def _taken_apart(self, lines: list[str], columns: list[dict[str, str]]) -> list[tuple[str, ...]]:
        """The fields of each line in the order of the columns, none longer than its column."""
        if self.form == "txt":
            places = [slice(int(row["start"]) - 1, int(row["end"])) for row in columns]
            assert {len(line) for line in lines} <= {int(columns[-1]["end"])}
            return [tuple([line[place].strip() for place in places]) for line in lines]
        rows = [tuple(line.split(SEPARATORS[self.form])) for line in lines]
        assert {len(row) for row in rows} <= {len(columns)}
        for column, cells in zip(columns, zip(*rows, strict=True), strict=bool(rows)):
            assert max(map(len, cells)) <= int(column["length"]), column
        return rows

    @cached_property
    def records(self) -> list[Record]:
        names = [row["column"] for row in self.columns]
        fillers = [row["column"] for row in self.columns if row["label"] == "filler"]
        categories = [(row["category"], row["column"]) for row in self.columns if row["category"]]
        found = []
        for row in self.rows:
            fields = dict(zip(names, row, strict=True))
            assert not any(map(fields.__getitem__, fillers))
            codes = {category: fields[name] for category, name in categories if fields[name]}
            place = fields.get("StateLEAIDNumber", ""), fields.get("StateSchoolIDNumber", "")
            found.append(Record(fields, codes, int(fields["Amount"]), fields["TotalIndicator"], place))
        return found

    @cached_property
    def _by_set(self) -> dict[Place, Sets]:
        known = {
            (frozenset(categories), indicator): (name, categories)
            for name, (categories, indicator) in sets_of(self.spec, self.level).items()
        }
        found: dict[Place, Sets] = defaultdict(lambda: defaultdict(dict))
        for record in self.records:
            name, categories = known[frozenset(record.codes), record.indicator]
            key = tuple([record.codes[category] for category in categories])
            cells = found[record.place][name]
            assert key not in cells, f"{key} stands twice"
            cells[key] = record.amount
        return found

    def by_set(self) -> dict[Place, Sets]:
        """By place and set, the amounts; a set is told by which categories are filled."""
        return self._by_set

    def check(self) -> None:
        """Numbers, values, sets and sums, as an edit check of the federal side would."""
        assert self.header["TotalRecordsInFile"] == str(len(self.rows))
        numbers = [record.fields["FileRecordNumber"] for record in self.records]
        assert numbers == [str(n + 1) for n in range(len(numbers))]
        said = {pair for record in self.records for pair in record.codes.items()}
        assert said <= {(category, code) for category, codes in allowed(self.spec).items() for code in codes}
        for place, sets in self.by_set().items():
            assert sets.keys() == sets_of(self.spec, self.level).keys(), place
            sums = {name: sum(cells.values()) for name, cells in sets.items()}
            assert sums == dict.fromkeys(sums, sets[TOTAL][()]), place

    def check_zeros(self) -> None:
        """Every combination of permitted codes has a record at every place; delay has its own ages."""
        for name, (categories, _) in sets_of(self.spec, self.level).items():
            offered = [allowed(self.spec)[category] - {MISSING} for category in categories]
            wanted = {codes for codes in product(*offered) if "DD" not in codes}
            for place, sets in self.by_set().items():
                assert sets[name].keys() >= wanted, (place, name)
