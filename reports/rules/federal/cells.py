"""From children to cells: how many stand in each combination of each category set, and which zeros.

A child is given as its codes in the order of CATEGORIES, so that equal children are one tuple with a number.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import product
from operator import itemgetter
from typing import NamedTuple

from evaluations.rules.codes import exceptionalities
from reports.rules.federal.child import AGE05K, AGE05NOTK, DD
from reports.rules.federal.rows import CategorySet, Level, Zeros
from reports.rules.federal.tables import MISSING, permitted, sets

TOTAL = "EUT"
Codes = tuple[str, ...]
Cells = Mapping[str, Mapping[Codes, int]]
CATEGORIES = {
    "FS002": ("DISABCATIDEA", "RACEETHNIC", "SEX", "AGESA", "EDENVIRIDEASA", "LEPBOTH"),
    "FS089": ("DISABCATIDEA", "RACEETHNIC", "SEX", "AGEEC", "EDENVIDEAEC", "LEPBOTH"),
    "FS009": ("DISABCATIDEAEXIT", "RACEETHNIC", "SEX", "AGEEXITSPED", "BASISEXIT", "LEPBOTH"),
}
# Where a code of each category stands with a frozen child.
COLUMNS = {
    "DISABCATIDEA": "disability", "DISABCATIDEAEXIT": "disability", "RACEETHNIC": "race", "SEX": "sex",
    "AGESA": "age", "AGEEC": "age", "AGEEXITSPED": "age", "EDENVIRIDEASA": "environment",
    "EDENVIDEAEC": "environment", "BASISEXIT": "basis", "LEPBOTH": "english_learner",
}  # fmt: skip
AGES = ("AGESA", "AGEEC")


class Row(NamedTuple):
    """A data record: the codes of a set's categories, in the order of the set, and how many children."""

    set: CategorySet
    codes: Codes
    n: int


def columns_of(spec: str) -> tuple[str, ...]:
    return tuple(COLUMNS[category] for category in CATEGORIES[spec])


@cache
def meanings(specs: tuple[str, ...], year: int) -> dict[str, dict[str, str]]:
    """By the field of a frozen child, what its codes mean in these files. An age says itself."""
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for spec in specs:
        for category in CATEGORIES[spec]:
            found[COLUMNS[category]] |= permitted(spec, category, year)
    return {field: codes for field, codes in found.items() if field != "age"}


def cells_of(spec: str, level: Level, year: int, groups: Iterable[tuple[Codes, int]]) -> Cells:
    """By category set, how many children have each combination of codes that anybody has."""
    cells: dict[str, dict[Codes, int]] = {name: defaultdict(int) for name, _ in _keys(spec, level, year)}
    into = [(cells[name], key) for name, key in _keys(spec, level, year)]
    for codes, n in groups:
        for counts, key in into:
            counts[key(codes)] += n
    return cells


@cache
def _keys(spec: str, level: Level, year: int) -> tuple[tuple[str, Callable[[Codes], Codes]], ...]:
    order = CATEGORIES[spec].index
    return tuple((row.set, _key([order(c) for c in row.categories])) for row in sets(spec, level, year))


def _key(places: list[int]) -> Callable[[Codes], Codes]:
    """Which codes of a child make the combination of a set. Called millions of times for a state."""
    if not places:
        return lambda codes: ()
    if len(places) == 1:
        (only,) = places
        return lambda codes: (codes[only],)
    return itemgetter(*places)


def total(cells: Cells) -> int:
    return cells.get(TOTAL, {}).get((), 0)


def rows_of(spec: str, level: Level, year: int, cells: Cells, with_zeros: bool) -> Iterable[Row]:
    """The records of one place in the order of the tables; MISSING only where somebody stands there."""
    for row in sets(spec, level, year):
        here = cells.get(row.set, {})
        if not with_zeros:
            yield from (Row(row, codes, n) for codes, n in sorted(here.items()))
            continue
        offered = combinations(spec, level, year, row.set)
        yield from (Row(row, codes, here.get(codes, 0)) for codes in offered)
        known = _known(spec, level, year, row.set)
        yield from (Row(row, codes, n) for codes, n in sorted(here.items()) if codes not in known)


@cache
def combinations(spec: str, level: Level, year: int, name: str) -> tuple[Codes, ...]:
    """Every combination that is written with a zero: no MISSING, developmental delay at its own ages only."""
    row = next(each for each in sets(spec, level, year) if each.set == name)
    offered = [
        [code for code in permitted(spec, category, year) if code != MISSING] for category in row.categories
    ]
    return tuple(codes for codes in product(*offered) if _is_possible(row.categories, codes))


@cache
def _known(spec: str, level: Level, year: int, name: str) -> frozenset[Codes]:
    return frozenset(combinations(spec, level, year, name))


def in_table_order(spec: str, row: CategorySet, year: int, found: Iterable[Codes]) -> list[Codes]:
    """As the permitted values stand in the tables: age 6 before age 10, MISSING last."""
    places = [
        {code: place for place, code in enumerate(permitted(spec, category, year))}
        for category in row.categories
    ]
    return sorted(found, key=lambda codes: [p.get(code, -1) for p, code in zip(places, codes, strict=True)])


def _is_possible(categories: Codes, codes: Codes) -> bool:
    found = dict(zip(categories, codes, strict=True))
    age = next((found[category] for category in AGES if category in found), "")
    return found.get("DISABCATIDEA") != DD or not age or in_years(age) in delay_ages()


def in_years(age: str) -> int:
    """5 of AGE05K and AGE05NOTK."""
    return 5 if age in (AGE05K, AGE05NOTK) else int(age)


@cache
def delay_ages() -> range:
    """Whole years at which the state uses developmental delay."""
    row = next(row for row in exceptionalities() if row.federal_category == DD)
    return range(row.first_age or 0, (row.last_age or 21) + 1)


def writes_zeros(rule: Zeros, *, below_k: bool, k: bool, above_pk: bool) -> bool:
    """By the grades in which a place has children: below, in, and in or above kindergarten."""
    return {
        Zeros.ALWAYS: True, Zeros.PK: below_k, Zeros.PK_OR_K: below_k or k, Zeros.ABOVE_PK: above_pk,
    }[rule]  # fmt: skip
