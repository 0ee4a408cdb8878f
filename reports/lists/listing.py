"""A list that can be looked at and exported: its columns, its filters, and its rows within a scope."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet
from django.db.models.expressions import Combinable
from django.http import QueryDict

from reports.lists.cells import Guarded, Kind, Text
from reports.lists.groups import Shape
from security.rules.roles import Permission
from security.scope import Scope
from ui.lists import Column, Filter, ListState

Rows = QuerySet[Any]
Narrowing = Callable[[Rows, str], Rows]
CHILD_KEYS = ("student", "name")
OF_THE_CHILD = ("first_name", "state_id")  # on the page they stand with the last name, in its cell


def in_words(value: Any) -> Any:
    """As it is: the list writes dates and numbers in words by itself."""
    return value


@dataclass(frozen=True)
class Part:
    """A column: `source` is a field path or an expression; `sort` the field it is sorted by.

    `key` is its name in the address where the list's own page has another than the label; `reads` is how
    the page shows a value that the file holds as a code; `groups`: what was typed, but groups rows all the
    same (a school, a code). Rows are counted by the key `by` where the column holds the name of a person,
    which has no place in an address; `named` tells the names of such keys.
    """

    label: str
    source: str | Combinable
    kind: Kind = Kind.TEXT
    sort: str | tuple[str, ...] | None = None
    on_page: bool = True
    key: str = ""
    reads: Callable[[Any], object] = in_words
    groups: bool = False
    by: str = ""
    named: Callable[[Collection[str]], Mapping[str, str]] | None = None

    @property
    def can_group(self) -> bool:
        """Our own words, days and numbers; no name and no text, since groups stand in addresses."""
        return self.groups or bool(self.by) or self.kind != Kind.TEXT

    @property
    def expression(self) -> Combinable:
        return F(self.source) if isinstance(self.source, str) else self.source

    @property
    def cell(self) -> Combinable:
        """As the file holds it."""
        return Guarded(self.expression) if self.kind == Kind.TEXT else self.expression

    @property
    def unguarded(self) -> Combinable:
        """As the database sends it, for a writer that guards by itself."""
        return Text(self.expression) if self.kind == Kind.TEXT else self.expression


@dataclass(frozen=True)
class List:
    """`rows(scope, chosen)` are the rows that the scope may see; each filter narrows them by its value.

    `student` is the path to the child's id, for the link of each row; `needs` a permission beside
    VIEW_STUDENTS without which the list is not shown; `page` the URL name of a page of its own; a list that
    is not `listed` is computed for what its page asks, and is taken away from there;
    `more_filters` are asked for each time (other apps add them when they start); `picked`: its columns were
    chosen, and the file holds these alone; `first_shape` is how it is laid out where nothing was chosen;
    one that is not `quick` looks at every child to know its rows, and is not counted beside others.
    """

    slug: str
    title: str
    what: str
    parts: tuple[Part, ...]
    rows: Callable[[Scope, Mapping[str, str]], Rows]
    filters: tuple[tuple[Filter, Narrowing], ...] = ()
    more_filters: Callable[[], Sequence[tuple[Filter, Narrowing]]] = tuple
    page: str = ""
    default_sort: str = ""
    student: str = "student_id"
    needs: Permission = Permission.VIEW_STUDENTS
    listed: bool = True
    picked: bool = False
    first_shape: Shape = Shape()
    quick: bool = True

    def laid_out(self, query: Mapping[str, str]) -> "List":
        """With the columns that the query string names; the first one, which names the row, always."""
        wanted = self.shape(query).columns
        if not wanted:
            return self
        first, *rest = self.keyed()
        shown = [(first[1], True), *((part, key in wanted) for key, part in rest)]
        return replace(
            self, parts=tuple(replace(part, on_page=on_page) for part, on_page in shown), picked=True
        )

    def shape(self, query: Mapping[str, str]) -> Shape:
        return Shape.read(query, self.keyed(), self.first_shape)

    @property
    def in_file(self) -> tuple[Part, ...]:
        """The columns of the file: all of them, unless some were chosen."""
        return tuple(part for part in self.parts if part.on_page or not self.picked)

    @property
    def columns(self) -> tuple[Column, ...]:
        return tuple(
            Column(
                key,
                "Student" if key in CHILD_KEYS else part.label,
                sort=part.sort,
                numeric=part.kind == Kind.NUMBER,
            )
            for key, part in self.keyed()
            if part.on_page
        )

    def all_filters(self) -> list[tuple[Filter, Narrowing]]:
        return [*self.filters, *self.more_filters()]

    def keyed(self) -> list[tuple[str, Part]]:
        return [(key_of(part), part) for part in self.parts]

    def state(self, query: QueryDict | Mapping[str, str]) -> ListState:
        """Filters, sort, columns and group of the query string, the same for the page and the file."""
        offered = [offer for offer, _ in self.all_filters()]
        state = ListState.read(query, self.columns, filters=offered, default_sort=self.default_sort)
        return replace(state, kept=self.shape(query).query())

    def filtered(self, scope: Scope, state: ListState) -> Rows:
        rows = self.rows(scope, state.chosen)
        for offer, narrow in self.all_filters():
            if value := state.chosen.get(offer.name):
                rows = narrow(rows, value)
        rows = self.shape(state.kept).opened(rows, dict(self.keyed()))
        return rows.order_by(*state.order_by())

    def cells(self, rows: Rows, *, guarded: bool = True) -> Rows:
        """Tuples in the order of the columns, as the file holds them."""
        parts = enumerate(self.in_file)
        named = {f"cell_{i}": part.cell if guarded else part.unguarded for i, part in parts}
        return rows.annotate(**named).values_list(*named)

    def shown(self, rows: Rows) -> Rows:
        """Mappings from column keys, and the child's id as `of_student`, as the page shows them."""
        parts = [(key, part) for key, part in self.keyed() if part.on_page or key in OF_THE_CHILD]
        named = {f"show_{key}": part.expression for key, part in parts}
        return rows.annotate(**named, of_student=F(self.student)).values(*named, "of_student")

    def read(self, rows: Rows) -> Rows:
        """Mappings with the values themselves: `read_` and the key, the child as `of_student`, and `pk`."""
        parts = dict(self.keyed())
        named = {f"read_{key}": part.expression for key, part in parts.items() if part in self.in_file}
        return rows.annotate(**named, of_student=F(self.student)).values(*named, "of_student", "pk")

    @property
    def labels(self) -> list[str]:
        return [part.label for part in self.in_file]


def key_of(part: Part) -> str:
    return part.key or "".join(c if c.isalnum() else "_" for c in part.label.lower())


def within(scope: Scope, students: Rows, rows: Rows) -> Rows:
    """Records of the children in scope; row-level security narrows them to the district's own time."""
    if scope.everything:
        return rows
    return rows.filter(Exists(students.filter(pk=OuterRef("student_id"))))
