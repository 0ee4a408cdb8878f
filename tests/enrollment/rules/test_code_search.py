"""A registrar finds a code by number, by words, and in spite of slips."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.search import find_codes
from organizations.rules.profiles import Profile

ON = date(2026, 9, 17)


def found(words: str, profile: Profile = Profile.DC) -> list[str]:
    return [match.code.code for match in find_codes(profile, Kind.EXIT, words, ON)]


@pytest.mark.parametrize(
    ("typed", "codes"),
    [
        ("1941", ["1941"]),
        ("country", ["1941", "1940", "1984"]),
        ("COUNTRY", ["1941", "1940", "1984"]),
        ("contry", ["1941", "1940", "1984"]),
        ("cuontry", ["1941", "1940", "1984"]),
        ("moved abr", ["1941"]),
        ("never came", ["1234", "4321"]),
        ("moved maryland", ["1940"]),
        ("xyzzy", []),
        ("1949", []),
    ],
)
def test_what_is_found(typed, codes):
    assert found(typed) == codes


def test_the_closest_phrase_comes_first():
    assert found("home school")[0] == "1942"


def test_the_match_says_by_what_it_was_found():
    best = find_codes(Profile.DC, Kind.EXIT, "contry", ON)[0]
    assert (best.phrase, best.words) == ("left the country", ("country",))


def test_nothing_typed_finds_all():
    assert [match.code for match in find_codes(Profile.DC, Kind.EXIT, "  ", ON)] == list(
        codes_for(Profile.DC, Kind.EXIT, ON)
    )


def test_each_state_searches_its_own_codes():
    assert found("moved out of state", Profile.LA) == ["10"]


def test_a_misspelling_does_not_blur_what_is_spelled_right():
    assert found("job") == ["1990", "1982"]


@given(st.sampled_from(codes_for(Profile.DC, Kind.EXIT, ON)), st.data())
def test_every_code_is_found_by_the_beginning_of_any_of_its_words(code, data):
    phrase = data.draw(st.sampled_from([code.meaning, *code.synonyms]))
    word = data.draw(st.sampled_from([w for w in phrase.split() if w.isalpha()] or [code.code]))
    typed = word[: data.draw(st.integers(1, len(word)))]
    assert code.code in found(typed)
