"""Probably the same child (DQ-012): one birth date, similar names, different LASIDs.

The database pairs the children of one birth date; the similarity of names is asked of a library here.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import chain, combinations, groupby
from operator import itemgetter

from django.db.backends.utils import CursorWrapper
from rapidfuzz.distance import Jaro
from rapidfuzz.process import extract

SIMILAR = 0.93
MANY = 5_000  # names; to compare all of them takes longer than to find out which may be similar
SLOTS, LONGEST_NAME = 32, 40
MISSING = 3 - 3 * SIMILAR + 1e-9  # of the longer name's letters, save rounding
FREQUENT = "EARIONSLTCDUMHGBPKYVFWJZXQ"
READ_AT_ONCE = 10_000
BORN_TOGETHER = """
SELECT line, birth_date::text, lasid, last_name || ' ' || first_name FROM staging.student
WHERE birth_date IN (SELECT birth_date FROM staging.student GROUP BY birth_date HAVING count(*) > 1)
ORDER BY birth_date, line"""
Child = tuple[int, str, str, str]
Written = tuple[str, int]


def find_twins(cursor: CursorWrapper) -> None:
    """Fills `staging.twin_pair` with similar pairs, and `staging.twin` with all their lines."""
    cursor.execute(
        "CREATE UNLOGGED TABLE staging.twin (line bigint);"
        "CREATE UNLOGGED TABLE staging.twin_pair (line bigint, other bigint)"
    )
    pairs = sorted(set(_similar(_by_birth_date(cursor))))
    with cursor.copy("COPY staging.twin_pair FROM STDIN") as copy:
        for pair in pairs:
            copy.write_row(pair)
    cursor.execute(
        "INSERT INTO staging.twin"
        " SELECT line FROM staging.twin_pair UNION SELECT other FROM staging.twin_pair"
    )


def _by_birth_date(cursor: CursorWrapper) -> Iterator[Child]:
    """Those who share a birth date, in its order; never all of a state at once."""
    cursor.execute(f"DECLARE born_together NO SCROLL CURSOR FOR {BORN_TOGETHER}")
    while True:
        cursor.execute(f"FETCH {READ_AT_ONCE} FROM born_together")
        if not (rows := cursor.fetchall()):
            break
        yield from rows
    cursor.execute("CLOSE born_together")


def _similar(children: Iterable[Child]) -> Iterator[tuple[int, int]]:
    for _, group in groupby(children, key=itemgetter(1)):
        born_together = list(group)
        for one, two in similar_names([name for *_, name in born_together]):
            line, _, lasid, _ = born_together[one]
            other_line, _, other_lasid, _ = born_together[two]
            if lasid != other_lasid:
                yield line, other_line


def similar_names(names: list[str]) -> Iterator[tuple[int, int]]:
    """The places of pairs with a Jaro similarity of SIMILAR or more; one of many names may come twice.

    Many children have a birth date in common only where it stands for none: so many are not all compared.
    """
    if len(names) > MANY:
        written = [(name, letters(name)) for name in names]
        for one, two in may_be_similar(written):
            if Jaro.similarity(names[one], names[two]) >= SIMILAR:
                yield one, two
        return
    for place, name in enumerate(names):
        others = names[place + 1 :]
        for _, _, at in extract(name, others, scorer=Jaro.similarity, score_cutoff=SIMILAR, limit=None):
            yield place, place + 1 + at


def may_be_similar(written: list[Written]) -> Iterator[tuple[int, int]]:
    """The places of pairs that have all letters of one part of the alphabet in common, some of them twice.

    The letters that only one of two similar names has are at most the share MISSING of the longer one. Among
    one part more than that there is a part without any of them.
    """
    alike: dict[tuple[int, int, int], list[int]] = defaultdict(list)
    for place, (name, has) in enumerate(written):
        for parts in range(_parts(len(name)), _parts(int(len(name) / (1 - MISSING))) + 1):
            for number, part in enumerate(_alphabet_in(parts)):
                alike[parts, number, has & part].append(place)
    return chain.from_iterable(combinations(places, 2) for places in alike.values())


def _parts(longest: int) -> int:
    return int(MISSING * longest) + 1


@cache
def _alphabet_in(parts: int) -> tuple[int, ...]:
    """The slots dealt out to so many parts, so that each has some of the frequent letters."""
    masks = [0] * parts
    for place, slot in enumerate(sorted(range(SLOTS), key=_rarity)):
        turn = place % (2 * parts)
        masks[min(turn, 2 * parts - 1 - turn)] |= ((1 << LONGEST_NAME) - 1) << (slot * LONGEST_NAME)
    return tuple(masks)


def _rarity(slot: int) -> int:
    return FREQUENT.find(chr(slot + 64)) % SLOTS


def letters(name: str) -> int:
    """A bit for the first A, the second A, the first B: two names share at most their common bits.

    Counting them spares nearly all comparisons. Letters that fall together only make the bound looser.
    """
    bits = 0
    for slot, times in Counter(ord(letter) % SLOTS for letter in name).items():
        bits |= ((1 << times) - 1) << (slot * LONGEST_NAME)
    return bits
