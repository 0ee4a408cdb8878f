"""What an exit does, as truth tables by topic."""

import re
from dataclasses import replace
from datetime import date
from itertools import product

import pytest

from enrollment.rules.codes import exit_code, exit_codes
from enrollment.rules.documentation import effective_code
from enrollment.rules.effects import Tone, Topic, effect_rows, effects_of_exit
from enrollment.rules.facts import DocumentationState, ExitFacts, PartC
from organizations.rules.profiles import Profile

ON = date(2026, 9, 4)
TODAY = date(2026, 9, 17)
MATEO = ExitFacts(
    first_day=date(2026, 8, 10), has_special_education=True, grade="09", cohort_year=2030, attended=True
)
NONE, SUBMITTED = DocumentationState.NONE, DocumentationState.SUBMITTED
ACCEPTED, REFUSED = DocumentationState.ACCEPTED, DocumentationState.REFUSED


def effect(topic, code, on=ON, today=TODAY, profile=Profile.DC, **facts):
    effects = effects_of_exit(exit_code(profile, code), replace(MATEO, **facts), on, today)
    return next(one for one in effects if one.topic == topic)


def test_mateo_leaves_the_country_thirteen_days_ago():
    effects = effects_of_exit(exit_code(Profile.DC, "1941"), MATEO, ON, TODAY)
    assert [(one.title, one.outcome, one.tone) for one in effects] == [
        ("State enrollment roster (SLED)", "Leaves the roster on Sep 4, 2026", Tone.ACT),
        ("Special education roster (SEDS)", "Stays until the documentation is accepted", Tone.WARN),
        ("Graduation cohort 2030", "Stays in the cohort for now", Tone.WARN),
        ("Dropout count", "Does not count as a dropout", Tone.GOOD),
        ("Documentation", "Due Sep 9, 2026: 8 days overdue", Tone.BAD),
        ("Prior written notice", "Not needed for this code", Tone.GOOD),
    ]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        pytest.param("1966", "Leaves the roster on Sep 4, 2026", marks=pytest.mark.rule("OSSE-R4.02")),
        pytest.param(
            "1234",
            "Stays until the state grants an administrative exit",
            marks=pytest.mark.rule("OSSE-R3.06"),
        ),
        pytest.param(
            "2040",
            "Leaves on Sep 4, 2026 and comes back with entry 1811",
            marks=pytest.mark.rule("OSSE-R4.03"),
        ),
    ],
)
def test_enrollment_roster(code, outcome):
    assert effect(Topic.ENROLLMENT_ROSTER, code).outcome == outcome


@pytest.mark.parametrize(
    ("code", "facts", "rule"),
    [
        ("1941", {"has_special_education": False}, "R5.07"),
        ("1941", {"documentation": NONE}, "R5.02"),
        ("1941", {"documentation": SUBMITTED}, "R5.02"),
        ("1941", {"documentation": ACCEPTED}, "R5.01"),
        ("1941", {"documentation": REFUSED}, "R9.06"),
        ("1942", {"documentation": ACCEPTED}, "R5.07"),
        ("1968", {"birth_date": date(2004, 1, 1)}, "R5.01"),
        ("1968", {}, "R5.02"),
        ("1960", {"part_c_history": PartC.NO}, "R5.03"),
        ("1960", {"part_c_history": PartC.YES}, "R5.04"),
        ("1960", {"part_c_history": PartC.UNKNOWN}, "R5.05"),
        ("1234", {"stage": 4, "attended": False}, "R3.07"),
        ("2040", {}, "R6.07"),
        ("1984", {}, "R5.07"),
        ("2020", {"documentation": ACCEPTED}, "R5.01"),
    ],
)
@pytest.mark.rule("OSSE-R5.01")
@pytest.mark.rule("OSSE-R5.02")
@pytest.mark.rule("OSSE-R5.07")
def test_special_education_roster(code, facts, rule):
    assert effect(Topic.SPECIAL_EDUCATION_ROSTER, code, **facts).rule == rule


@pytest.mark.parametrize(
    ("code", "facts", "outcome"),
    [
        pytest.param("1941", {}, "Stays in the cohort for now", marks=pytest.mark.rule("OSSE-R7.04")),
        pytest.param(
            "1942",
            {"documentation": ACCEPTED},
            "May be removed from the cohort",
            marks=pytest.mark.rule("OSSE-R7.04"),
        ),
        pytest.param("1966", {}, "Stays in the cohort", marks=pytest.mark.rule("OSSE-R7.05")),
        pytest.param("1941", {"grade": "08"}, "Not in a cohort", marks=pytest.mark.rule("OSSE-R7.01")),
        pytest.param(
            "1985",
            {"grade": "", "adult_program": True},
            "Stays in the cohort",
            marks=pytest.mark.rule("OSSE-R7.02"),
        ),
        pytest.param(
            "4321",
            {"stage": 4, "attended": False},
            "Not in a cohort",
            marks=pytest.mark.rule("OSSE-R7.03"),
        ),
        pytest.param(
            "1941", {"documentation": REFUSED}, "Stays in the cohort", marks=pytest.mark.rule("OSSE-R9.06")
        ),
    ],
)
def test_graduation_cohort(code, facts, outcome):
    assert effect(Topic.GRADUATION_COHORT, code, **facts).outcome == outcome


@pytest.mark.parametrize(
    ("code", "grade", "documentation", "counts"),
    [
        pytest.param("1980", "07", NONE, True, marks=pytest.mark.rule("OSSE-R8.01")),
        pytest.param("1980", "12", NONE, True, marks=pytest.mark.rule("OSSE-R8.01")),
        pytest.param("1980", "06", NONE, False, marks=pytest.mark.rule("OSSE-R8.02")),
        pytest.param("1960", "20", NONE, False, marks=pytest.mark.rule("OSSE-R8.02")),
        pytest.param("1941", "09", NONE, False, marks=pytest.mark.rule("OSSE-R8.03")),
        pytest.param("2040", "09", NONE, False, marks=pytest.mark.rule("OSSE-R8.03")),
        pytest.param("1941", "09", REFUSED, True, marks=pytest.mark.rule("OSSE-R9.06")),
        pytest.param("1941", "05", REFUSED, False, marks=pytest.mark.rule("OSSE-R9.06")),
    ],
)
def test_dropout_count(code, grade, documentation, counts):
    said = effect(Topic.DROPOUT_COUNT, code, grade=grade, documentation=documentation).outcome
    assert said == ("Counts as a dropout" if counts else "Does not count as a dropout")


@pytest.mark.parametrize(
    ("code", "on", "today", "outcome"),
    [
        pytest.param("1941", ON, date(2026, 9, 9), "Due Sep 9, 2026", marks=pytest.mark.rule("OSSE-R9.02")),
        pytest.param(
            "1941",
            ON,
            date(2026, 9, 10),
            "Due Sep 9, 2026: 1 day overdue",
            marks=pytest.mark.rule("DEADLINE-D38"),
        ),
        pytest.param("1966", ON, TODAY, "Kept by the LEA", marks=pytest.mark.rule("OSSE-R9.03")),
        pytest.param("4321", ON, TODAY, "Kept by the LEA", marks=pytest.mark.rule("OSSE-R9.01")),
        pytest.param(
            "2020",
            ON,
            TODAY,
            "Verified by DCPS (DCPS schools) or PCSB (charters)",
            marks=pytest.mark.rule("OSSE-R7.07"),
        ),
        pytest.param(
            "1941", date(2016, 6, 30), TODAY, "Kept by the LEA", marks=pytest.mark.rule("OSSE-R9.07")
        ),
    ],
)
def test_documentation(code, on, today, outcome):
    assert effect(Topic.DOCUMENTATION, code, on=on, today=today).outcome == outcome


@pytest.mark.parametrize(
    ("code", "facts", "rule"),
    [
        ("1966", {}, "R5.09"),
        ("1966", {"contact_efforts_recorded": True}, "R5.08"),
        ("1966", {"contact_efforts_recorded": True, "notice_issued": True}, "R5.09"),
        ("1966", {"has_special_education": False}, "R5.07"),
        ("1941", {}, "R5.01"),
        ("2040", {}, "R6.07"),
    ],
)
@pytest.mark.rule("OSSE-R5.08")
@pytest.mark.rule("OSSE-R5.09")
def test_prior_written_notice(code, facts, rule):
    assert effect(Topic.PRIOR_WRITTEN_NOTICE, code, **facts).rule == rule


@pytest.mark.parametrize(
    ("code", "documentation", "today", "grace", "effective"),
    [
        ("1941", NONE, TODAY, None, "1941"),
        ("1941", REFUSED, TODAY, None, "1984"),
        ("1941", NONE, TODAY, 7, "1984"),
        ("1941", NONE, TODAY, 8, "1941"),
        ("1941", SUBMITTED, TODAY, 7, "1941"),
        ("1941", ACCEPTED, TODAY, 0, "1941"),
        ("1966", NONE, TODAY, 0, "1966"),
        ("2020", REFUSED, TODAY, 0, "2020"),
    ],
)
@pytest.mark.rule("OSSE-R9.05")
def test_the_effective_code_of_an_unverified_exit(code, documentation, today, grace, effective):
    facts = replace(MATEO, documentation=documentation)
    assert effective_code(exit_code(Profile.DC, code), facts, ON, today, grace) == effective


def test_louisiana_states_nothing_about_its_exits():
    effects = effects_of_exit(exit_code(Profile.LA, "10"), replace(MATEO, stage=None), ON, TODAY)
    assert {one.outcome for one in effects} == {"Not stated by the state"}
    assert effects[0].title == "State enrollment roster"


def every_circumstance() -> list[ExitFacts]:
    return [
        replace(
            MATEO,
            documentation=documentation,
            part_c_history=part_c,
            has_special_education=special_education,
            notice_issued=notice,
            stage=stage,
            grade=grade,
        )
        for documentation, part_c, special_education, notice, stage, grade in product(
            DocumentationState, PartC, (True, False), (True, False), (4, 5), ("05", "09")
        )
    ]


def test_every_exit_in_every_circumstance_has_an_effect_for_each_topic():
    for code, facts in product(exit_codes(), every_circumstance()):
        effects = effects_of_exit(code, facts, ON, TODAY)
        assert [one.topic for one in effects] == list(Topic)
        assert not any(re.search(r"[{}]", one.outcome + one.detail) for one in effects)


def test_every_sentence_of_the_table_cites_its_rule_or_says_not_stated():
    silent = [row for row in effect_rows() if not row.rule]
    assert {row.case for row in silent} == {"not_stated"}
