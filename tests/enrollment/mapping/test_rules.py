"""What a local code may mean, what is not covered, and how a mapping file is read."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.rules.codes import Kind, codes_for, exit_codes
from enrollment.rules.mapping import (
    MappingRefused,
    gaps,
    meaning_of,
    read_mapping,
    why_not_map,
    write_mapping,
)
from organizations.rules.profiles import Profile

SPRING = date(2027, 6, 30)
EXAMPLES = list(csv.DictReader((Path(__file__).parent / "mapping.csv").open(encoding="utf-8")))


@pytest.mark.rule("OSSE-R1.03")
@pytest.mark.rule("CHECK-9")
@pytest.mark.parametrize("example", EXAMPLES, ids=lambda row: f"{row['local_code']}={row['state_code']}")
def test_what_a_local_code_may_mean(example):
    said = why_not_map(
        Profile.DC, Kind(example["kind"]), example["local_code"], example["state_code"], SPRING
    )
    assert (said or "") == example["what_is_said"]


@pytest.mark.rule("OSSE-R1.05")
@pytest.mark.parametrize("code", ["1968"])
def test_a_code_is_not_mapped_before_its_first_school_year(code):
    said = why_not_map(Profile.DC, Kind.EXIT, "AGED", code, date(2016, 6, 30))
    assert said == f"{code} is not valid before school year 2016-17."


@pytest.mark.rule("OSSE-R1.02")
@pytest.mark.rule("CHECK-9")
def test_every_state_code_is_covered_or_a_gap():
    valid = {code.code for code in codes_for(Profile.DC, Kind.EXIT, SPRING)}
    found = {code.code for code in gaps(Profile.DC, Kind.EXIT, SPRING, {"1941", "1943"})}
    assert found == valid - {"1941", "1943"}
    assert "1940" in found
    assert gaps(Profile.DC, Kind.EXIT, SPRING, valid) == ()


def test_a_district_that_sends_the_states_own_codes_has_no_gaps():
    assert gaps(Profile.DC, Kind.EXIT, SPRING, ()) == ()


@pytest.mark.rule("OSSE-R1.03")
@pytest.mark.parametrize(
    ("code", "means"), [("ABROAD", "1941"), ("1943", "1943"), ("NOWHERE", None), ("", None)]
)
def test_what_a_code_of_the_district_means(code, means):
    assert meaning_of(Profile.DC, Kind.EXIT, code, {"ABROAD": "1941"}) == means


def test_a_mapping_that_was_written_is_read_as_it_was():
    text = write_mapping([("exit", "ABROAD", "Moved, far away", "1941"), ("entry", "RE", "", "1880")])
    rows, errors = read_mapping(text, Profile.DC, SPRING)
    read = [(row.line, row.kind, row.code, row.name, row.state_code) for row in rows]
    assert read == [(2, "exit", "ABROAD", "Moved, far away", "1941"), (3, "entry", "RE", "", "1880")]
    assert errors == []


FORMULA = st.sampled_from(["=", "+", "-", "@", "'", "''=", "'-"])
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Z"]), max_size=8)


@given(st.tuples(FORMULA | st.just(""), WORDS).map("".join), FORMULA, WORDS)
@settings(max_examples=60)
def test_whatever_stands_in_a_mapping_comes_back_from_its_file_and_runs_nowhere(name, sign, code):
    text = write_mapping([("exit", sign + code, name, "1941")])
    rows, errors = read_mapping(text, Profile.DC, SPRING)
    assert ([(row.code, row.name) for row in rows], errors) == ([(sign + code, name)], [])
    cells = list(csv.reader(io.StringIO(text, newline="")))[1]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@")) and len(cell) > 1] == []


HEADER = "kind,local_code,local_name,state_code\n"
WRONG = [
    ("exit,A,,1941\nexit,A,,1943\n", 3, "A stands already on line 2"),
    ("leave,A,,1941\n", 2, "Begins with neither entry nor exit"),
    ("exit,A,1941\n", 2, "more or fewer cells"),
    ("exit,A,,9999\n", 2, "is not an exit code"),
    (f"exit,A,{'x' * 121},1941\n", 2, "at most 120 characters"),
]


@pytest.mark.parametrize(("lines", "line", "words"), WRONG)
def test_a_wrong_row_is_told_with_its_line(lines, line, words):
    _, errors = read_mapping(HEADER + lines, Profile.DC, SPRING)
    assert [error.line for error in errors] == [line]
    assert words in errors[0].sentence


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "lacks kind"),
        ("kind,local_code,state_code\n", "lacks local_name"),
        ("kind,local_code,local_name,state_code,kind\n", "stands twice"),
        (f"{HEADER}exit,A\x00,,1941\n", "no text has"),
        (f'{HEADER}exit,"A,,1941\n', "never closed"),
        (f"{HEADER}exit,{'A' * 140_000},,1941\n", "far too long"),
    ],
)
def test_another_file_is_refused(text, words):
    with pytest.raises(MappingRefused, match=words):
        read_mapping(text, Profile.DC, SPRING)


@pytest.mark.rule("OSSE-R1.09")
def test_without_numbered_end_of_year_codes_a_transfer_is_not_refused():
    """A15: the source numbers no End of Year code, so that the rule waits for them."""
    assert not [
        code for code in exit_codes() if code.profile == Profile.DC and code.category == "End of Year"
    ]
