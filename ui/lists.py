"""Lists whose whole state is in the URL: filter, sort, page and page size.

A view declares columns and filters, reads a `ListState` from the query string, orders its rows by
`state.order_by()` and cuts one page with `take()`. Values that are not on offer fall back.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict

SIZES = (25, 50, 100)
DEFAULT_SIZE = 50
DEEPEST_PAGE = 100_000
MOST_COUNTED = 1_000


@dataclass(frozen=True)
class Column:
    """A column: `sort` names the field (or fields) that the database orders by; none, no sort link."""

    key: str
    label: str
    sort: str | tuple[str, ...] | None = None
    numeric: bool = False
    label_hidden: bool = False

    @property
    def sort_fields(self) -> tuple[str, ...]:
        return (self.sort,) if isinstance(self.sort, str) else self.sort or ()


@dataclass(frozen=True)
class Filter:
    """A filter of the list: a text box, or a choice when `choices` are given as (value, label).

    `numeric`: the value is the number of a row, which only a link gives.
    """

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    wide: bool = False
    numeric: bool = False

    def allows(self, value: str) -> bool:
        if self.numeric:
            return value.isascii() and value.isdigit()
        return not self.choices or value in {choice for choice, _ in self.choices}


@dataclass(frozen=True)
class Chip:
    url: str
    label: str
    count: int | str | None
    current: bool


@dataclass(frozen=True)
class Count:
    """How many rows there are; when `capped`, at least that many ("1,000+")."""

    n: int
    capped: bool = False

    @classmethod
    def up_to(cls, cap: int, n: int) -> "Count":
        """Of a count that went one beyond the cap."""
        return cls(cap, capped=True) if n > cap else cls(n)

    def __str__(self) -> str:
        return f"{self.n:,}+" if self.capped else f"{self.n:,}"


@dataclass(frozen=True)
class ListState:
    """`kept`: what else of the query string goes along in every link (columns and groups of a report)."""

    columns: tuple[Column, ...]
    filters: tuple[Filter, ...] = ()
    sort: str = ""
    descending: bool = False
    page: int = 1
    size: int = DEFAULT_SIZE
    chosen: Mapping[str, str] = field(default_factory=dict)
    default: tuple[str, bool] = ("", False)
    kept: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def read(
        cls,
        query: QueryDict | Mapping[str, str],
        columns: Iterable[Column],
        *,
        filters: Iterable[Filter] = (),
        default_sort: str = "",
    ) -> "ListState":
        """The state that the query string asks for. `default_sort` is a column key, "-key" for descending."""
        columns, filters = tuple(columns), tuple(filters)
        default = _sort_of(default_sort, columns) or ("", False)
        sort, descending = _sort_of(query.get("sort", ""), columns) or default
        chosen = {f.name: query.get(f.name, "").replace("\x00", "").strip() for f in filters}
        chosen = {f.name: chosen[f.name] for f in filters if chosen[f.name] and f.allows(chosen[f.name])}
        page = min(_whole(query.get("page", ""), 1), DEEPEST_PAGE)
        size = _whole(query.get("size", ""), DEFAULT_SIZE)
        size = size if size in SIZES else DEFAULT_SIZE
        return cls(columns, filters, sort, descending, page, size, chosen, default)

    def order_by(self) -> list[str]:
        """Arguments for `QuerySet.order_by()`, with the primary key last so that pages never overlap."""
        fields = next((c.sort_fields for c in self.columns if c.key == self.sort), ())
        ordered = [_reversed(name) if self.descending else name for name in fields]
        return [*ordered, "-pk" if self.descending else "pk"]

    def query(self) -> dict[str, str]:
        """Only what differs from a fresh visit, so that links stay short."""
        parts = {**self.chosen, **self.kept}
        if (self.sort, self.descending) != self.default:
            parts["sort"] = f"-{self.sort}" if self.descending else self.sort
        if self.size != DEFAULT_SIZE:
            parts["size"] = str(self.size)
        if self.page > 1:
            parts["page"] = str(self.page)
        return parts

    def url(self, **extra: str) -> str:
        query = QueryDict(mutable=True)
        query.update({**self.query(), **extra})
        return f"?{query.urlencode()}"

    def sort_url(self, column: Column) -> str:
        descending = column.key == self.sort and not self.descending
        return replace(self, sort=column.key, descending=descending, page=1).url()

    def aria_sort(self, column: Column) -> str:
        if column.key != self.sort:
            return ""
        return "descending" if self.descending else "ascending"

    def page_url(self, page: int) -> str:
        return replace(self, page=page).url()

    def size_url(self, size: int) -> str:
        return replace(self, size=size, page=1).url()

    def filter_url(self, name: str, value: str) -> str:
        chosen = (
            {**self.chosen, name: value} if value else {k: v for k, v in self.chosen.items() if k != name}
        )
        return replace(self, chosen=chosen, page=1).url()

    def clear_url(self) -> str:
        """Without filters; what is laid out stays so."""
        return replace(self, chosen={}, page=1, size=DEFAULT_SIZE).url() if self.kept else "?"

    def export_url(self, kind: str) -> str:
        """The whole list as filtered and sorted, as a file: `?…&export=csv`."""
        return replace(self, page=1).url(export=kind)

    def chips(self, name: str, offers: Iterable[tuple[str, str, int | str | None]]) -> list[Chip]:
        """Links that set one filter; an offer is (value, label, count), value "" for all."""
        now = self.chosen.get(name, "")
        return [Chip(self.filter_url(name, v), label, count, v == now) for v, label, count in offers]


@dataclass(frozen=True)
class Page:
    """One page of a list, as the `list` component shows it."""

    state: ListState
    rows: Sequence[Any]
    count: Count
    has_next: bool

    @property
    def first(self) -> int:
        return (self.state.page - 1) * self.state.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def has_previous(self) -> bool:
        return self.state.page > 1

    def __iter__(self):
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def count_up_to(rows: QuerySet | Sequence[Any], cap: int = MOST_COUNTED) -> Count:
    """Count, but stop at `cap`: on a large table the exact number costs more than it tells."""
    if not isinstance(rows, QuerySet):
        return Count(len(rows))
    return Count.up_to(cap, rows.order_by()[: cap + 1].count())


def take(rows: QuerySet | Sequence[Any], state: ListState, count: Count | int | None = None) -> Page:
    """The page of rows that the state asks for; a page past the end becomes the last one."""
    if count is None and state.page == 1:
        return _first_page(rows, state)
    counted = count_up_to(rows) if count is None else count if isinstance(count, Count) else Count(count)
    if not counted.capped:
        state = replace(state, page=max(1, min(state.page, -(-counted.n // state.size))))
    start = (state.page - 1) * state.size
    # One row more than is shown tells whether there is a next page, also when the count is capped.
    found = list(rows[start : start + state.size + 1])
    return Page(state, found[: state.size], counted, has_next=len(found) > state.size)


def _first_page(rows: QuerySet | Sequence[Any], state: ListState) -> Page:
    """Mostly it is the only one, and nothing need be counted besides."""
    found = list(rows[: state.size + 1])
    has_next = len(found) > state.size
    count = count_up_to(rows) if has_next else Count(len(found))
    return Page(state, found[: state.size], count, has_next)


def _sort_of(text: str, columns: Sequence[Column]) -> tuple[str, bool] | None:
    key, descending = text.removeprefix("-"), text.startswith("-")
    known = any(column.key == key and column.sort for column in columns)
    return (key, descending) if known else None


def _reversed(name: str) -> str:
    return name.removeprefix("-") if name.startswith("-") else f"-{name}"


def _whole(text: str, otherwise: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and 0 < len(text) < 10 and int(text) else otherwise
