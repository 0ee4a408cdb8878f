"""Probably the same child (DQ-012): one birth date, similar names, different LASIDs.

The database pairs the children of one birth date; the similarity of each pair is computed here.
"""

from collections.abc import Iterator
from itertools import combinations, groupby
from operator import itemgetter

from django.db.backends.utils import CursorWrapper

SIMILAR = 0.93
Child = tuple[int, str, str, str]


def find_twins(cursor: CursorWrapper) -> None:
    """Fills `staging.twin` with the lines of all members of similar pairs."""
    cursor.execute("CREATE UNLOGGED TABLE staging.twin (line bigint)")
    cursor.execute(
        "SELECT line, birth_date::text, lasid, last_name || ' ' || first_name FROM staging.student"
        " WHERE birth_date IN"
        " (SELECT birth_date FROM staging.student GROUP BY birth_date HAVING count(*) > 1)"
        " ORDER BY birth_date"
    )
    lines = set(_similar(cursor.fetchall()))
    with cursor.copy("COPY staging.twin FROM STDIN") as copy:
        for line in sorted(lines):
            copy.write_row([line])


def jaro(one: str, other: str) -> float:
    """Jaro similarity, 0 to 1: common characters within half the length, less half of the transpositions."""
    if not one or not other:
        return 0.0
    common, reverse = _common(one, other), _common(other, one)
    if not common:
        return 0.0
    transposed = sum(a != b for a, b in zip(common, reverse, strict=True)) / 2
    matches = len(common)
    return (matches / len(one) + matches / len(other) + (matches - transposed) / matches) / 3


def _common(one: str, other: str) -> str:
    """The characters of `one` that have a partner in `other`, in the order of `one`."""
    window = max(len(one), len(other)) // 2 - 1
    rest: list[str | None] = list(other)
    found = []
    for place, character in enumerate(one):
        for at in range(max(0, place - window), min(len(other), place + window + 1)):
            if rest[at] == character:
                rest[at] = None
                found.append(character)
                break
    return "".join(found)


def _similar(children: list[Child]) -> Iterator[int]:
    for _, born_together in groupby(children, key=itemgetter(1)):
        for (line, _, lasid, name), (other_line, _, other_lasid, other) in combinations(born_together, 2):
            if lasid != other_lasid and _may_be_similar(name, other) and jaro(name, other) >= SIMILAR:
                yield from (line, other_line)


def _may_be_similar(one: str, other: str) -> bool:
    """Names of very different length cannot reach the limit; this spares most comparisons."""
    shorter, longer = sorted((len(one), len(other)))
    return shorter >= (3 * SIMILAR - 2) * longer
