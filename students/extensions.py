"""What apps above this floor add: a filter and a column of the list of students, records that merge, and what
is to be looked at again after a merge."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q

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
