"""What is asked of an evaluation before it is locked, as truth tables."""

from dataclasses import replace
from datetime import date

import pytest

from evaluations.rules.locking import EvaluationFacts, contradictions, missing_to_lock, why_not_lock

TODAY = date(2026, 9, 17)
COMPLETE = EvaluationFacts(
    type="INIT",
    consent_on=date(2026, 3, 2),
    determined_on=date(2026, 4, 20),
    outcome="ELIG",
    primary=("SLD",),
    birth_date=date(2012, 5, 1),
)


def rules_broken(**facts) -> list[str]:
    return [found.rule for found in contradictions(replace(COMPLETE, **facts), TODAY)]


def test_a_complete_evaluation_can_be_locked():
    assert why_not_lock(COMPLETE, TODAY) is None


@pytest.mark.parametrize(
    ("facts", "missing"),
    [
        ({}, []),
        ({"type": ""}, ["evaluation type"]),
        pytest.param({"consent_on": None}, ["consent date"], marks=pytest.mark.rule("DQ-031")),
        pytest.param({"type": "WAIV", "consent_on": None}, [], marks=pytest.mark.rule("DQ-031")),
        ({"determined_on": None}, ["determination date"]),
        ({"outcome": "", "primary": ()}, ["outcome"]),
        pytest.param({"primary": ()}, ["primary exceptionality"], marks=pytest.mark.rule("DQ-033")),
        pytest.param({"outcome": "NOTE", "primary": ()}, [], marks=pytest.mark.rule("DQ-033")),
        pytest.param({"delay_reason": "OTHER"}, ["late reason"], marks=pytest.mark.rule("EDFI-R49")),
        pytest.param(
            {"delay_reason": "OTHER", "late_reason": "   "},
            ["late reason"],
            marks=pytest.mark.rule("EDFI-R49"),
        ),
        pytest.param({"delay_reason": "T"}, [], marks=pytest.mark.rule("EDFI-R48")),
        (
            {"consent_on": None, "determined_on": None, "outcome": "", "primary": ()},
            ["consent date", "determination date", "outcome"],
        ),
    ],
)
def test_what_is_missing(facts, missing):
    assert missing_to_lock(replace(COMPLETE, **facts)) == missing


@pytest.mark.parametrize(
    ("consent", "determined", "broken"),
    [
        (date(2026, 3, 2), date(2026, 3, 2), []),
        (date(2026, 3, 2), date(2026, 3, 1), ["EDFI-R46"]),
        (date(2026, 3, 2), TODAY, []),
        (date(2026, 3, 2), date(2026, 9, 18), ["EDFI-R46"]),
    ],
)
@pytest.mark.rule("EDFI-R46")
def test_the_determination_lies_between_consent_and_today(consent, determined, broken):
    assert rules_broken(consent_on=consent, determined_on=determined) == broken


@pytest.mark.parametrize(
    ("type", "others", "broken"),
    [
        ("INIT", (date(2026, 4, 20),), ["EDFI-R15"]),
        ("INIT", (date(2026, 4, 21),), []),
        ("REEV", (date(2026, 4, 20),), []),
    ],
)
@pytest.mark.rule("EDFI-R15")
def test_two_initial_evaluations_do_not_share_a_determination_day(type, others, broken):
    assert rules_broken(type=type, other_initial_determinations=others) == broken


@pytest.mark.parametrize(
    ("outcome", "primary", "others", "broken"),
    [
        ("ELIG", ("SLD",), ("SLI",), []),
        ("ELIG", ("SLD", "SLI"), (), ["DQ-033"]),
        ("ELIG", ("SLD",), ("SLD",), ["DQ-033"]),
        ("NOTE", (), (), []),
        ("NOTE", ("SLD",), (), ["DQ-033"]),
        ("NOTE", (), ("SLD",), ["DQ-033"]),
        ("INCO", ("SLD",), (), ["DQ-033"]),
    ],
)
@pytest.mark.rule("DQ-033")
def test_exactly_one_primary_when_eligible_and_none_when_not(outcome, primary, others, broken):
    assert rules_broken(outcome=outcome, primary=primary, others=others) == broken


@pytest.mark.parametrize(
    ("born", "broken"),
    [
        (date(2023, 4, 20), []),
        (date(2023, 4, 21), ["DQ-035"]),
        (date(2017, 4, 21), []),
        (date(2017, 4, 20), ["DQ-035"]),
        (None, []),
    ],
)
@pytest.mark.rule("DQ-035")
def test_developmental_delay_is_for_ages_three_through_eight(born, broken):
    assert rules_broken(primary=("DD",), birth_date=born) == broken
    assert rules_broken(others=("DD",), birth_date=born) == broken


@pytest.mark.parametrize(
    ("delay", "late", "broken"),
    [
        pytest.param("OTHER", "Evaluator vacancy", [], marks=pytest.mark.rule("EDFI-R49", "EDFI-C8")),
        pytest.param("OTHER", "x" * 255, [], marks=pytest.mark.rule("EDFI-R49")),
        pytest.param("OTHER", "x" * 256, ["EDFI-R49"], marks=pytest.mark.rule("EDFI-R49")),
        pytest.param("", "Evaluator vacancy", ["EDFI-R49"], marks=pytest.mark.rule("EDFI-R49")),
        pytest.param("T", "Evaluator vacancy", ["EDFI-R50"], marks=pytest.mark.rule("EDFI-R50", "EDFI-C8")),
        pytest.param("C", "", [], marks=pytest.mark.rule("EDFI-R48")),
    ],
)
def test_a_delay_has_a_descriptor_or_a_text(delay, late, broken):
    assert rules_broken(delay_reason=delay, late_reason=late) == broken


def test_the_refusal_names_what_is_missing_before_what_contradicts():
    facts = replace(COMPLETE, outcome="", determined_on=date(2026, 3, 1))
    assert why_not_lock(facts, TODAY) == "Still missing: outcome."


def test_the_refusal_is_a_sentence():
    facts = replace(COMPLETE, determined_on=date(2026, 3, 1))
    assert why_not_lock(facts, TODAY) == "The determination date is before the consent of Mar 2, 2026."
