"""Two changes of one text come together where they lie apart, and no word of either is lost."""

import re
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.three_texts import merged
from ui.two_texts import compare

BASE = "Reads maps well. Likes music. Needs time to answer."
TOGETHER = [
    # base, mine, theirs, both
    (BASE, f"At home: {BASE}", f"{BASE} And quiet.", f"At home: {BASE} And quiet."),
    (BASE, BASE.replace("maps", "atlases"), BASE.replace("time", "more time"),
     "Reads atlases well. Likes music. Needs more time to answer."),
    (BASE, BASE, BASE + " More.", BASE + " More."),
    (BASE, BASE + " More.", BASE + " More.", BASE + " More."),
    ("one\n\ntwo\n\nthree", "one one\n\ntwo\n\nthree", "one\n\ntwo\n\nthree\n\nfour",
     "one one\n\ntwo\n\nthree\n\nfour"),
    (BASE, BASE.replace(" Likes music.", ""), "He " + BASE, "He Reads maps well. Needs time to answer."),
]  # fmt: skip
CHOSEN = [
    ("", "Mine", "Theirs"),
    (BASE, BASE + " Mine.", BASE + " Theirs."),
    (BASE, BASE.replace("maps", "plans"), BASE.replace("maps", "charts")),
    (BASE, BASE.replace("maps well", "plans"), BASE.replace("well", "badly")),
    (BASE, "A wholly other text. Needs", BASE + " More."),
]


@pytest.mark.parametrize(("base", "mine", "theirs", "both"), TOGETHER)
def test_changes_that_lie_apart_come_together(base, mine, theirs, both):
    assert merged(base, mine, theirs) == merged(base, theirs, mine) == both


@pytest.mark.parametrize(("base", "mine", "theirs"), CHOSEN)
def test_changes_that_meet_are_left_to_a_person(base, mine, theirs):
    assert merged(base, mine, theirs) is None


def test_a_long_text_comes_together_by_its_lines():
    base = "".join(f"line {n} {'x' * 80}\n" for n in range(1_000))
    both = merged(base, "Mine.\n" + base, base + "Theirs.\n")
    assert both == f"Mine.\n{base}Theirs.\n"


words = st.lists(st.sampled_from(["reads", "maps", "well", "and", "sings,", "often."]), max_size=12)
spots = st.lists(st.integers(0, 12), max_size=4, unique=True)


def typed_into(text: list[str], at: list[int], name: str, without: set[int]) -> str:
    """New words of one person before some words, and some words gone."""
    pieces = [
        f"{name}{place} {word}" if place in at else word
        for place, word in enumerate(text)
        if place not in without
    ]
    return " ".join([*pieces, *(f"{name}{place}" for place in at if place >= len(text))])


@given(text=words, mine=spots, theirs=spots, gone=st.sets(st.integers(0, 12), max_size=2))
def test_no_word_that_was_typed_by_either_is_missing(text, mine, theirs, gone):
    my_text, their_text = typed_into(text, mine, "M", gone), typed_into(text, theirs, "T", set())
    both = merged(" ".join(text), my_text, their_text)
    if both is not None:
        new = set(re.findall(r"[MT]\d+", my_text + " " + their_text))
        assert set(re.findall(r"[MT]\d+", both)) == new


@given(base=st.text(max_size=40), mine=st.text(max_size=40), theirs=st.text(max_size=40))
def test_it_matters_not_who_was_first_and_no_change_leaves_the_other(base, mine, theirs):
    assert merged(base, mine, theirs) == merged(base, theirs, mine)
    assert merged(base, mine, base) == merged(base, base, mine) == mine


def test_a_word_again_and_again_is_compared_at_once():
    """Without care it takes time by the third power: minutes for a page of it."""
    base, mine, theirs = "ha " * 6_000, "ha ho " * 3_000, "ha hu " * 3_000
    began = monotonic()
    old, new = compare(base, mine)
    assert ("".join(words for words, _ in old), "".join(words for words, _ in new)) == (base, mine)
    assert merged(base, mine, theirs) is None
    assert monotonic() - began < 2
