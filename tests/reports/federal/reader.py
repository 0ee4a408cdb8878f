"""Reads federal files back, knowing nothing of the program: its own small parser over the layout tables.

Positions and lengths come from the CSV files that an expert reads, by the csv module alone.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

TABLES = Path(__file__).resolve().parents[3] / "reports" / "rules" / "federal"
TOTAL = "EUT"


def table(name: str) -> list[dict[str, str]]:
    with (TABLES / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


@dataclass
class Record:
    fields: dict[str, str]
    codes: dict[str, str]
    amount: int
    indicator: str
    place: tuple[str, str]


class Read:
    """A file taken apart. Raises AssertionError where a record is not as its layout says."""

    def __init__(self, written: bytes, form: str, spec: str, level: str) -> None:
        self.spec, self.level, self.form = spec, level, form
        head, *lines = written.decode("ascii").split("\n")
        assert lines.pop() == "", "the last record has no line end"
        self.header = self._fields(head, table("header.csv"))
        self.columns = [
            row for row in table("layouts.csv") if (row["file_spec"], row["level"]) == (spec, level)
        ]
        self.records = [self._record(line) for line in lines]

    def _fields(self, line: str, columns: list[dict[str, str]]) -> dict[str, str]:
        columns = [row for row in columns if row["kind"] != "line end"]
        if self.form == "txt":
            assert len(line) == int(columns[-1]["end"])
            cells = [line[int(row["start"]) - 1 : int(row["end"])] for row in columns]
        else:
            cells = line.split("," if self.form == "csv" else "\t")
            assert len(cells) == len(columns)
        for row, cell in zip(columns, cells, strict=True):
            assert len(cell) <= int(row["length"]), row
        return {row["column"]: cell.strip() for row, cell in zip(columns, cells, strict=True)}

    def _record(self, line: str) -> Record:
        fields = self._fields(line, self.columns)
        assert not any(fields[row["column"]] for row in self.columns if row["label"] == "filler")
        codes = {r["category"]: fields[r["column"]] for r in self.columns if r["category"]}
        place = fields.get("StateLEAIDNumber", ""), fields.get("StateSchoolIDNumber", "")
        codes = {category: code for category, code in codes.items() if code}
        return Record(fields, codes, int(fields["Amount"]), fields["TotalIndicator"], place)

    def by_set(self) -> dict[tuple[str, str], dict[str, dict[tuple[str, ...], int]]]:
        """By place and set, the amounts; a set is told by which categories are filled."""
        known = {
            (frozenset(filter(None, row["categories"].split("; "))), row["total_indicator"]): row
            for row in table("category_sets.csv")
            if (row["file_spec"], row["level"]) == (self.spec, self.level)
        }
        found: dict = defaultdict(lambda: defaultdict(dict))
        for record in self.records:
            row = known[frozenset(record.codes), record.indicator]
            key = tuple(record.codes[name] for name in filter(None, row["categories"].split("; ")))
            assert key not in found[record.place][row["set"]], f"{key} stands twice"
            found[record.place][row["set"]][key] = record.amount
        return found

    def check(self) -> None:
        """Numbers, values and sums, as an edit check of the federal side would."""
        assert self.header["TotalRecordsInFile"] == str(len(self.records))
        assert [record.fields["FileRecordNumber"] for record in self.records] == [
            str(n + 1) for n in range(len(self.records))
        ]
        allowed: dict[str, set[str]] = defaultdict(set)
        for row in table("permitted_values.csv"):
            if row["file_spec"] == self.spec:
                allowed[row["category"]].add(row["code"])
        for record in self.records:
            assert all(code in allowed[category] for category, code in record.codes.items()), record
        wanted = {
            r["set"]
            for r in table("category_sets.csv")
            if (r["file_spec"], r["level"]) == (self.spec, self.level)
        }
        for place, sets in self.by_set().items():
            assert set(sets) <= wanted
            whole = sets[TOTAL][()]
            assert {name: sum(cells.values()) for name, cells in sets.items()} == dict.fromkeys(
                sets, whole
            ), place
