"""Small numbers are withheld so that none can be worked out from what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules.suppression import FEWEST, suppressed

POPULATION = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=2), st.integers(0, 40), max_size=9)


@pytest.mark.parametrize(
    ("numbers", "shown"),
    [
        ({"a": 50, "b": 20}, {"a": 50, "b": 20}),
        ({"a": 50, "b": 0}, {"a": 50, "b": 0}),
        ({"a": 50, "b": 20, "c": 3}, {"a": 50, "b": None, "c": None}),
        ({"a": 50, "b": 1, "c": 1}, {"a": None, "b": None, "c": None}),
        ({"a": 50, "b": 6, "c": 5}, {"a": 50, "b": None, "c": None}),
        ({"a": 10}, {"a": 10}),
        ({"a": 9}, {"a": None}),
    ],
)
def test_what_is_withheld(numbers, shown):
    assert suppressed(numbers) == shown


@given(POPULATION)
def test_no_small_number_is_shown_or_follows_from_the_total(numbers):
    shown = suppressed(numbers)
    withheld = [key for key, n in shown.items() if n is None]
    rest = sum(numbers.values()) - sum(n for n in shown.values() if n is not None)
    assert all(n is None or n == 0 or n >= FEWEST for n in shown.values())
    assert {key: n for key, n in shown.items() if n is not None}.items() <= numbers.items()
    if withheld and len(withheld) < sum(n > 0 for n in numbers.values()):
        assert len(withheld) > 1
        assert rest >= FEWEST
