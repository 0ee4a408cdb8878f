"""A file as it was written, taken apart by its columns: what the edit checks of whole files look at."""

import csv
import io
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from reports.rules.federal.cells import Cells, Codes
from reports.rules.federal.records import SEPARATORS, FileOf, Form
from reports.rules.federal.rows import CategorySet
from reports.rules.federal.tables import header, layout, sets

Fields = Mapping[str, str]


@dataclass(frozen=True)
class Written:
    """Of one place: header and records by their columns, each value as text."""

    file: FileOf
    header: Fields
    records: Sequence[Fields]

    @property
    def amounts(self) -> Cells:
        """By category set and codes, what the records say; their sum where a combination stands twice."""
        found: dict[str, dict[Codes, int]] = defaultdict(lambda: defaultdict(int))
        for record in self.records:
            if row := self.set_of(record):
                codes = tuple(record[self._columns[category]] for category in row.categories)
                found[row.set][codes] += int(record["Amount"])
        return found

    def set_of(self, record: Fields) -> CategorySet | None:
        """Told by which categories are filled, and by the total indicator; None where it is no set's."""
        filled = frozenset(category for category, column in self._columns.items() if record[column])
        return self._sets.get((filled, record["TotalIndicator"]))

    @cached_property
    def _sets(self) -> dict[tuple[frozenset[str], str], CategorySet]:
        rows = sets(self.file.spec, self.file.level, self.file.year)
        return {(frozenset(row.categories), row.total_indicator): row for row in rows}

    @cached_property
    def _columns(self) -> dict[str, str]:
        columns = layout(self.file.spec, self.file.level, self.file.year)
        return {column.category: column.column for column in columns if column.category}


def read_back(file: FileOf, text: str) -> Written:
    """Of a file with commas."""
    first, *others = csv.reader(io.StringIO(text), delimiter=SEPARATORS[Form.CSV], quoting=csv.QUOTE_NONE)
    names = [column.column for column in layout(file.spec, file.level, file.year)]
    heads = [column.column for column in header(file.year)]
    records = [dict(zip(names, record, strict=False)) for record in others]
    return Written(file, dict(zip(heads, first, strict=False)), records)
