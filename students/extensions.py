"""What apps above this floor add to the list of students: a filter and a column, registered at start."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

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
