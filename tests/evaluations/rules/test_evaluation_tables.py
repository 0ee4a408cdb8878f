"""The tables of evaluations, and that code knows the same words."""

import csv
from pathlib import Path

import pytest

from evaluations.rules import TABLES, codes
from evaluations.rules.deadlines import deadline, deadlines

SOURCE = Path(__file__).resolve().parents[4] / "shared" / "domain" / "iep"


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (codes.evaluation_types(), codes.EvaluationType),
        (codes.outcomes(), codes.Outcome),
        (codes.delay_reasons_wi(), codes.DelayReason),
    ],
)
def test_table_and_enum_have_the_same_members(table, words):
    assert [row.code for row in table] == list(words)


def test_every_table_is_read():
    assert {table.slug: len(table.rows) for table in TABLES} == {
        "evaluation-stages": 8,
        "exceptionalities": 15,
        "evaluation-types": 5,
        "evaluation-outcomes": 4,
        "evaluation-extensions": 5,
        "delay-reasons-wi": 4,
        "not-enrolled": 3,
        "evaluation-areas": 9,
        "evaluation-team": 6,
        "report-sections": 25,
        "deadlines": 45,
        "countings": 83,
    }


def test_gifted_and_talented_are_not_in_idea():
    assert {row.code for row in codes.exceptionalities() if not row.in_idea} == {"GIF", "TAL"}


@pytest.mark.rule("EDFI-R48")
def test_every_delay_reason_but_other_has_a_descriptor():
    assert [row.code for row in codes.delay_reasons_wi() if not row.edfi_descriptor] == ["OTHER"]


def test_an_extension_that_wisconsin_knows_names_a_delay_reason():
    known = {row.code for row in codes.delay_reasons_wi()}
    assert {row.wisconsin_delay_reason for row in codes.extensions()} - {""} <= known


def test_deadlines_are_numbered_without_a_gap():
    assert [row.deadline for row in deadlines()] == [f"D{n:02}" for n in range(1, 46)]


@pytest.mark.rule("DEADLINE-D02")
def test_an_initial_evaluation_takes_sixty_days_of_each_states_kind():
    initial = deadline("D02")
    assert initial.length == "60"
    assert "BUSINESS" in initial.louisiana
    assert "calendar" in initial.dc


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the source tables are not beside this checkout")
def test_deadlines_keep_the_facts_of_their_source():
    with (SOURCE / "deadlines.csv").open(newline="") as lines:
        source = {
            row["id"]: (row["name"], row["offset"], row["legal_source"]) for row in csv.DictReader(lines)
        }
    assert {row.deadline: (row.name, row.length, row.authority) for row in deadlines()} == source
