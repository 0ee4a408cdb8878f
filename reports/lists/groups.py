"""How a list is laid out: which columns, and by what its rows are counted. All of it is in the address."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import CharField, Count, F, Func, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, NullIf
from django.http import QueryDict

from reports.lists.cells import Kind
from ui.parts import Cell

if TYPE_CHECKING:
    from reports.lists.listing import Part

COLUMNS, BY, ACROSS, OF, OF_ACROSS = "columns", "by", "across", "of", "of_across"
NAMES = (COLUMNS, BY, ACROSS, OF, OF_ACROSS)
NOT_RECORDED = "-"  # the group of rows in which nothing is recorded; an address cannot hold an empty word
ROWS = "rows"  # as `by`: not counted, though the list is where nothing was chosen
MOST, MOST_ACROSS = 300, 40  # groups of one table
Keyed = Iterable[tuple[str, "Part"]]


@dataclass(frozen=True)
class Shape:
    """`columns`: the chosen ones by key, none for those of the page. `by` and `across`: the columns by which
    rows are counted, down and across. `of` and `of_across`: the group that is opened.
    """

    columns: tuple[str, ...] = ()
    by: str = ""
    across: str = ""
    of: str = ""
    of_across: str = ""

    @classmethod
    def read(cls, query: Mapping[str, str], keyed: Keyed, otherwise: "Shape") -> "Shape":
        """What the query string says and the list has; `otherwise` where it chooses nothing."""
        parts = dict(keyed)
        if not any(query.get(name) for name in NAMES):
            return otherwise
        columns = tuple(key for key in _named(query) if key in parts)
        can = {key for key, part in parts.items() if part.can_group} | {ROWS}
        by = _one_of(query.get(BY, ""), can)
        by = "" if by == ROWS and not otherwise.by else by
        across = _one_of(query.get(ACROSS, ""), can - {by, ROWS}) if by else ""
        of = _said(query, OF) if by else ""
        return cls(columns, by, across, of, _said(query, OF_ACROSS) if across else "")

    def query(self) -> dict[str, str]:
        said = (",".join(self.columns), self.by, self.across, self.of, self.of_across)
        return {name: value for name, value in zip(NAMES, said, strict=True) if value}

    @property
    def counts(self) -> bool:
        """Are there groups to show, and no rows?"""
        return bool(self.by) and self.by != ROWS and not (self.of or self.of_across)

    def opened(self, rows: QuerySet, parts: Mapping[str, "Part"]) -> QuerySet:
        """Of these rows those of the group that is opened."""
        chosen = ((self.by, self.of, "opened"), (self.across, self.of_across, "opened_across"))
        for key, value, name in chosen:
            if value and key in parts:
                rows = rows.annotate(**{name: value_of(parts[key])}).filter(**{name: value})
        return rows


def _named(query: Mapping[str, str]) -> list[str]:
    """From boxes that were ticked, one by one, or from a link, with commas."""
    said = query.getlist(COLUMNS) if isinstance(query, QueryDict) else [query.get(COLUMNS, "")]
    return [key for one in said for key in one.split(",")]


def _one_of(value: str, known: Iterable[str]) -> str:
    return value if value in known else ""


def _said(query: Mapping[str, str], name: str) -> str:
    return query.get(name, "").replace("\x00", "")


class Month(Func):
    """ "2026-09" """

    template = "to_char(%(expressions)s, 'YYYY-MM')"
    output_field = CharField()


def value_of(part: "Part") -> Combinable:
    """The word by which a row falls into a group: a month for a day; NOT_RECORDED for nothing."""
    said = F(part.by) if part.by else part.expression
    text = Month(said) if part.kind == Kind.DAY else Cast(said, TextField())
    return Coalesce(NullIf(text, Value("")), Value(NOT_RECORDED), output_field=TextField())


@dataclass(frozen=True)
class Group:
    """One line of the table: how many rows by the groups across ("" where it has none), and in all."""

    value: str
    counts: Mapping[str, int] = field(default_factory=dict)

    @property
    def n(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True)
class Table:
    """`across`: the values of its columns, in order. `more`: groups that the table does not show."""

    groups: Sequence[Group]
    across: Sequence[str]
    more: int = 0

    @property
    def total(self) -> Group:
        sums = {value: sum(group.counts.get(value, 0) for group in self.groups) for value in self.across}
        return Group("", sums)


def table_of(rows: QuerySet, shape: Shape, parts: Mapping[str, "Part"]) -> Table:
    """One query, whatever the number of rows."""
    named: dict[str, Any] = {"group_by": value_of(parts[shape.by])}
    named["group_across"] = value_of(parts[shape.across]) if shape.across else Value("")
    counted = rows.order_by().annotate(**named).values("group_by", "group_across")
    found: dict[str, dict[str, int]] = {}
    for value, across, n in counted.annotate(n=Count(F("pk"))).values_list("group_by", "group_across", "n"):
        found.setdefault(value, {})[across] = n
    groups = [Group(value, found[value]) for value in sorted(found, key=in_order)]
    across_all = sorted({value for counts in found.values() for value in counts}, key=in_order)
    return Table(groups[:MOST], across_all, max(len(groups) - MOST, 0))


def in_order(value: str) -> tuple[bool, bool, int, str]:
    """Numbers by their size, then words; what is not recorded last."""
    number = value.isascii() and value.isdecimal()
    return value == NOT_RECORDED, not number, int(value) if number else 0, value


def in_words(part: "Part", values: Iterable[str]) -> dict[str, str]:
    """The values of groups as the page reads them."""
    values = list(values)
    keys = [value for value in values if value.isascii() and value.isdecimal() and len(value) < 18]
    names = part.named(keys) if part.named else {}
    return {value: names.get(value) or _in_words(part, value) for value in values}


def _in_words(part: "Part", value: str) -> str:
    if value == NOT_RECORDED:
        return "Nobody" if part.named else "Not recorded"
    if part.kind == Kind.DAY:
        return _month_in_words(value)
    if part.kind == Kind.NUMBER:
        return value
    shown = part.reads(value)
    if isinstance(shown, Cell):
        return f"{shown.text} {shown.sub}".strip()
    return str(shown)


def _month_in_words(value: str) -> str:
    year, _, month = value.partition("-")
    if not (year.isdecimal() and month.isdecimal() and 1 <= int(month) <= 12 and len(year) == 4):
        return value
    return f"{date(int(year), int(month), 1):%B} {year}"
