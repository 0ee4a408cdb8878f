"""How the facts of a child are written for people."""

import pytest

from students.facts import grouped, telephone
from students.rules.languages import language_name


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("5555550118", "(555) 555-0118"),
        ("1 555-555-0118", "(555) 555-0118"),
        ("+1 (555) 555.0118", "(555) 555-0118"),
        ("5550118", "5550118"),
        ("555-555-0118 ext. 4", "555-555-0118 ext. 4"),
        ("", ""),
    ],
)
def test_a_telephone_number_is_grouped_when_it_is_one(stored, read):
    assert telephone(stored) == read


@pytest.mark.parametrize(
    ("code", "name"), [("eng", "English"), ("SPA", "Spanish"), ("vie", "Vietnamese"), ("qqq", "qqq")]
)
def test_a_language_is_named_and_an_unknown_code_stays(code, name):
    assert language_name(code) == name


@pytest.mark.parametrize(
    ("number", "read"), [("0041927365", "0041 927 365"), ("4711", "4711"), ("WI-12345678", "WI-12345678")]
)
def test_long_numbers_are_read_in_groups(number, read):
    assert grouped(number) == read
