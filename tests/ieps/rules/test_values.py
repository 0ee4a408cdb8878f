"""What the text of a field means, and what is said when it means nothing."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ieps.values import NotUnderstood, in_print, read_back, value_of

TODAY = date(2026, 9, 17)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("date", "9/4/2026", date(2026, 9, 4)),
        ("date", "", None),
        ("int", " 1,950 ", 1950),
        ("decimal", "78.5", Decimal("78.5")),
        ("bool", "Y", "Y"),
        ("code:service", "OT", "OT"),
        ("text", "Reads maps.", "Reads maps."),
    ],
)
def test_a_text_stands_for_a_value(kind, text, value):
    assert value_of(kind, text, TODAY) == value


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("date", "13/32/2026", "There is no month 13."),
        ("int", "forty", "Write a whole number"),
        ("int", "-3", "Write a whole number"),
        ("int", "9" * 40, "Write a whole number"),
        ("decimal", "NaN", "Write a number"),
        ("decimal", "Infinity", "Write a number"),
        ("bool", "perhaps", "Choose yes or no."),
        ("code:service", "??", "is not one of the codes"),
    ],
)
def test_what_is_not_understood_is_said(kind, text, sentence):
    with pytest.raises(NotUnderstood, match=sentence.replace("?", r"\?")):
        value_of(kind, text, TODAY)
    assert sentence.split("?")[0] in read_back(kind, text, TODAY)
    assert in_print(kind, text, TODAY).endswith(text.strip())


@pytest.mark.parametrize(
    ("kind", "text", "words"),
    [
        ("date", "9/4/2026", "Sep 4, 2026"),
        ("bool", "N", "No"),
        ("code:service", "OT", "OT Occupational Therapy"),
        ("code:service", "ZZ", "ZZ"),
        ("int", "45", "45"),
    ],
)
def test_people_read_a_code_with_its_meaning_and_a_day_in_words(kind, text, words):
    assert in_print(kind, text, TODAY) == words


@given(
    kind=st.sampled_from(["date", "int", "decimal", "bool", "code:service", "text"]),
    text=st.text(max_size=20),
)
def test_whatever_is_typed_is_answered_in_words(kind, text):
    words = read_back(kind, text, TODAY)
    assert words == "" or words.startswith("Read as ") or words.endswith(".")
