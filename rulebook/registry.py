"""The list of all tables of the rule book: each app names its own, `eser.rule_tables` gathers them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from rulebook.tables import BadTable, in_force, read_table


@dataclass(frozen=True)
class RuleTable:
    """One table: where it lies, what a row is, and why it is there."""

    slug: str
    title: str
    owner_app: str
    path: Path
    row_type: type
    why: str

    @property
    def rows(self) -> tuple[Any, ...]:
        """Every row, also the retired ones. Raises BadTable."""
        return read_table(self.path, self.row_type)

    def rows_on(self, day: date) -> tuple[Any, ...]:
        return in_force(self.rows, day)


_registered: dict[str, RuleTable] = {}


def register(tables: Iterable[RuleTable]) -> None:
    """Adds tables to the rule book; the same table may come twice, two tables may not share a slug."""
    for table in tables:
        if _registered.setdefault(table.slug, table) != table:
            raise BadTable(f"{table.path.name}: the slug {table.slug} is taken by another table")


def all_tables() -> tuple[RuleTable, ...]:
    return tuple(sorted(_registered.values(), key=lambda table: (table.owner_app, table.title)))


def table_called(slug: str) -> RuleTable | None:
    return _registered.get(slug)


def read_all() -> int:
    """Reads every registered table and returns the number of rows. Raises BadTable at the first bad cell."""
    return sum(len(table.rows) for table in all_tables())
