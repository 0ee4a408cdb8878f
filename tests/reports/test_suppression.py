"""Small numbers are withheld so that none can be worked out from what is shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.rules.suppression import FEWEST, may_be_summed, suppressed

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


@pytest.mark.parametrize(
    ("numbers", "summed", "may_be"),
    [
        ({"a": 50, "b": 20}, "a", True),
        ({"a": 50, "b": 20, "c": 3}, "abc", True),
        # One that is withheld lies in the sum, or is all that lies outside of it.
        ({"overdue": 10, "week": 4, "later": 40}, "o", False),
        ({"met": 100, "late": 15, "open": 3, "excused": 12}, "lo", False),
        ({"a": 50, "b": 7, "c": 8, "d": 3}, "bc", False),
        # All that is withheld lies in the sum, and is many together.
        ({"a": 50, "b": 7, "c": 8}, "bc", True),
        ({"a": 9}, "a", False),
        ({"a": 9}, "b", False),
        ({"a": 0, "b": 12}, "a", True),
    ],
)
def test_which_sum_may_be_charted_beside_the_numbers(numbers, summed, may_be):
    assert may_be_summed(numbers, lambda key: key[0] in summed) is may_be


@given(POPULATION, st.sets(st.sampled_from("abcdefgh")))
def test_no_small_number_follows_from_the_total_and_the_sum_of_a_chart(numbers, letters):
    """What is in the chart and what is not are both sums that a reader has; with what is shown taken off
    them, more than one number is left, and many children together."""
    if not may_be_summed(numbers, lambda key: key[0] in letters):
        return
    shown = suppressed(numbers)
    for in_chart in (True, False):
        keys = [key for key in numbers if (key[0] in letters) is in_chart]
        left = sum(numbers[key] for key in keys) - sum(shown[key] or 0 for key in keys)
        assert left == 0 or left >= FEWEST
        assert sum(shown[key] is None for key in keys) != 1
