"""What apps above this floor add: a filter and a column of the list of students, lists of their records for
the reports, records that merge, what is looked at again after a merge, children found beside the live ones,
and words beside a child's record."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q, QuerySet

from security.models import User
from security.rules.roles import Permission
from security.scope import Scope
from students.models import Student
from ui.lists import Column, Filter


@dataclass(frozen=True)
class ListExtension:
    """`narrow` makes a chosen value a condition on Student; `look_up` gives the column's values by id."""

    filter: Filter
    column: Column
    narrow: Callable[[str], Q]
    look_up: Callable[[Sequence[int]], Mapping[int, object]]


_extensions: dict[str, ListExtension] = {}


def extend_list(extension: ListExtension) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _extensions[extension.filter.name] = extension


def list_extensions() -> tuple[ListExtension, ...]:
    return tuple(_extensions.values())


@dataclass(frozen=True)
class RecordColumn:
    """A column of a list of records: `source` is a field path or an expression.

    `kind`: "text" as it was typed, "words" of our own, "day" or "number". `groups`: rows can be counted by it
    though it is text; `by`: the path of the key by which they are, where a person's name must not stand in an
    address, and `named` tells the names of such keys.
    """

    label: str
    source: Any
    kind: str = "text"
    sort: str = ""
    key: str = ""
    on_page: bool = True
    groups: bool = False
    by: str = ""
    named: Callable[[Collection[str]], Mapping[str, str]] | None = None


@dataclass(frozen=True)
class RecordList:
    """A list of an app beside the reports, each row of a child: `rows(scope)` are those that it may see.

    The child's own columns are added. `more`: filters, each with how it narrows the rows by its value.
    `counts`: the keys of the columns by which it is counted where nothing else was chosen.
    """

    slug: str
    title: str
    what: str
    columns: tuple[RecordColumn, ...]
    rows: Callable[[Scope], QuerySet]
    more: tuple[tuple[Filter, Callable[[QuerySet, str], QuerySet]], ...] = ()
    needs: Permission = Permission.VIEW_STUDENTS
    default_sort: str = ""
    counts: tuple[str, str] = ("", "")


_record_lists: dict[str, RecordList] = {}


def add_record_list(found: RecordList) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _record_lists[found.slug] = found


def record_lists() -> tuple[RecordList, ...]:
    return tuple(_record_lists.values())


def nothing(kept: Model, merged: Model) -> Q:
    return Q(pk__in=[])


@dataclass(frozen=True)
class MovesAlong:
    """Records that go to the kept child when two records of a child are merged; `words` name them.

    `stays(kept, merged)`: those of the merged child that the kept one has already; they stay where they are.
    `also(kept)`: what else is set while they move.
    """

    model: type[Model]
    words: str
    stays: Callable[[Model, Model], Q] = nothing
    also: Callable[[Model], dict[str, Any]] = lambda kept: {}


_movers: dict[type[Model], MovesAlong] = {}


def moves_along(*movers: MovesAlong) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _movers.update({mover.model: mover for mover in movers})


def movers() -> tuple[MovesAlong, ...]:
    return tuple(_movers.values())


_after_merge: dict[str, Callable[[Collection[int]], None]] = {}


def after_merge(name: str, deed: Callable[[Collection[int]], None]) -> None:
    """`deed` is called with the ids of both children, in the transaction of a merge and of its undoing."""
    _after_merge[name] = deed


def follow_merge(*children: int) -> None:
    for deed in _after_merge.values():
        deed(children)


@dataclass(frozen=True)
class Stub:
    """A child that is not among the live records: all that a search says of it, and where to ask."""

    name: str
    born: object
    district: str
    why: str
    url: str


FindsStubs = Callable[[User, str, int], Sequence[Stub]]
_stub_searches: dict[str, FindsStubs] = {}


def search_beside(name: str, ask: FindsStubs) -> None:
    """`ask(user, words, most)` finds only what this user may know of. Called from `AppConfig.ready()`."""
    _stub_searches[name] = ask


def stubs_found(user: User, words: str, most: int) -> list[Stub]:
    return [stub for ask in _stub_searches.values() for stub in ask(user, words, most)]


@dataclass(frozen=True)
class Beside:
    """Words that stand beside a child's record; `url` only for who may go there."""

    title: str
    words: str
    url: str = ""
    link: str = ""


StandsBeside = Callable[[User, Student], Beside | None]
_beside: dict[str, StandsBeside] = {}


def stands_beside(name: str, ask: StandsBeside) -> None:
    """Called from `AppConfig.ready()`; registering twice changes nothing."""
    _beside[name] = ask


def beside(user: User, child: Student) -> list[Beside]:
    return [found for ask in _beside.values() if (found := ask(user, child))]
