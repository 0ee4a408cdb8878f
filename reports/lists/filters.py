"""The kinds of filters that lists share: by code, by a named condition, by the beginning of a name."""

from collections.abc import Callable, Iterable

from django.db.models import Q

from ieps.rules.codes import CodeSet, codes
from reports.lists.listing import Narrowing
from students.queries import begins_with
from ui.lists import Filter
from ui.parts import Cell

LONGEST = 44  # letters of a choice
ANY = ("", "Any")


def names(rows) -> list[tuple[str, str]]:
    """Code and meaning of a rule table, the first of several rows with one code."""
    return list({row.code: row.name or getattr(row, "usage", "") for row in reversed(rows)}.items())


def with_meaning(rows) -> Callable[[str], object]:
    """Shows a code with its meaning below it."""
    meanings = {row.code: row.meaning for row in reversed(rows)}
    return lambda code: Cell(code, sub=meanings.get(code, "")) if code else ""


def of(code_set: CodeSet) -> list[tuple[str, str]]:
    return names(codes(code_set))


def shorten(words: str) -> str:
    return words if len(words) <= LONGEST else f"{words[:LONGEST].rstrip()}…"


def code_filter(
    name: str, label: str, pairs: Iterable[tuple[str, str]], field: str = "", *, labelled: bool = True
) -> tuple[Filter, Narrowing]:
    """`labelled`: the code is shown before its meaning, which is cut to fit a drop-down."""
    choices = [
        ANY,
        *((code, shorten(f"{code} {words}" if labelled else words.capitalize())) for code, words in pairs),
    ]
    return Filter(name, label, choices), lambda rows, value: rows.filter(**{field or name: value})


def choice_filter(name: str, label: str, narrowings: dict[tuple[str, str], Q]) -> tuple[Filter, Narrowing]:
    conditions = {value: condition for (value, _), condition in narrowings.items()}
    return Filter(name, label, [ANY, *narrowings]), lambda rows, value: rows.filter(conditions[value])


def number_filter(name: str, label: str, field: str = "") -> tuple[Filter, Narrowing]:
    """Given by a link of the page alone."""
    return Filter(name, label, numeric=True), lambda rows, value: rows.filter(**{field or name: int(value)})


def name_filter(field: str = "student__sort_name") -> tuple[Filter, Narrowing]:
    return Filter("name", "Name begins with", wide=True), lambda rows, value: rows.filter(
        begins_with(field, value)
    )
