"""The fields of the two records, and the official schema of them."""

from dataclasses import replace
from datetime import date

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.facts import IdeaPolicy
from edfi.rules.records import SEORA, SSEPEA, Record, digest
from tests.standin import official

from .builders import SETTINGS, TODAY, a_child, an_enrollment, an_evaluation, case

EVAL_ONLY = {"state_exclude": True, "eval_only": True}


def the_record(facts, settings=SETTINGS) -> Record:
    return desired_records(facts, settings, TODAY).records[-1]


def reasons(facts, settings=SETTINGS) -> list[tuple[str, str]]:
    return [(reason.code, reason.field) for reason in desired_records(facts, settings, TODAY).not_sent]


@pytest.mark.rule("EDFI-R41")
@pytest.mark.rule("EDFI-R44")
@pytest.mark.rule("EDFI-R52")
def test_the_whole_record_of_a_usual_evaluation() -> None:
    assert the_record(a_child(ieps=[date(2025, 12, 1)])).payload == {
        "consentToEvaluationReceivedDate": "2025-09-15",
        "educationOrganizationReference": {"educationOrganizationId": 19012},
        "programReference": {
            "educationOrganizationId": 48856,
            "programName": "Special Education",
            "programTypeDescriptor": "uri://dpi.wi.gov/ProgramTypeDescriptor#SPED",
        },
        "studentReference": {"studentUniqueId": "604822"},
        "ideaPartDescriptor": "uri://dpi.wi.gov/IDEAPartDescriptor#B",
        "eligibilityEvaluationTypeDescriptor": "uri://dpi.wi.gov/EligibilityEvaluationTypeDescriptor#I",
        "eligibilityDeterminationDate": "2025-11-10",
        "evaluationCompleteIndicator": True,
        "ideaIndicator": True,
    }


@pytest.mark.rule("EDFI-R7")
def test_the_responsibility_begins_with_the_consent() -> None:
    child = a_child(enrollments=[an_enrollment(**EVAL_ONLY)])

    record = desired_records(child, SETTINGS, TODAY).records[0]

    assert record.payload == {
        "beginDate": "2025-09-15",
        "responsibilityDescriptor": "uri://dpi.wi.gov/ResponsibilityDescriptor#SIE",
        "educationOrganizationReference": {"educationOrganizationId": 19012},
        "studentReference": {"studentUniqueId": "604822"},
    }


DELAY = "evaluationDelayReasonDescriptor"
C_URI = "uri://dpi.wi.gov/EvaluationDelayReasonDescriptor#C"


@pytest.mark.parametrize(
    ("delay", "late", "expected"),
    [
        case("EDFI-R48", "", "", {}),
        case("EDFI-R48", "C", "", {DELAY: C_URI}),
        case("EDFI-R50", "C", "Family away", {DELAY: C_URI}),
        case("EDFI-R49", "", "Family away", {}),
        case("EDFI-R49", "OTHER", "Family away", {"evaluationLateReason": "Family away"}),
        case("EDFI-R48", "OTHER", "", {}),
        case("EDFI-R49", "OTHER", "x" * 255, {"evaluationLateReason": "x" * 255}),
    ],
)
def test_a_delay_reason_or_a_late_reason_never_both(delay, late, expected) -> None:
    payload = the_record(a_child(evaluations=[an_evaluation(delay_reason=delay, late_reason=late)])).payload

    assert {name: payload[name] for name in (DELAY, "evaluationLateReason") if name in payload} == expected


@pytest.mark.parametrize(
    ("changes", "configured", "expected"),
    [
        ({"delay_reason": "OTHER", "late_reason": "x" * 256}, {}, ("LATE_REASON_TOO_LONG", "")),
        ({"delay_reason": "STORM"}, {}, ("UNMAPPED_CODE", "STORM")),
        ({}, {"descriptors": {}}, ("UNMAPPED_CODE", "SPED")),
        (
            {},
            {"program_education_organization_id": None},
            ("MISSING_FIELD", "programReference.educationOrganizationId"),
        ),
    ],
)
@pytest.mark.rule("EDFI-R53")
def test_what_cannot_be_produced_is_named(changes, configured, expected) -> None:
    child = a_child(evaluations=[an_evaluation(**changes)])

    assert reasons(child, replace(SETTINGS, **configured)) == [expected]


@pytest.mark.parametrize(
    ("ieps", "outcome", "policy", "expected"),
    [
        ([], "", IdeaPolicy.OFFICIAL_IEP, False),
        ([date(2025, 12, 1)], "", IdeaPolicy.OFFICIAL_IEP, True),
        ([date(2025, 6, 30)], "ELIG", IdeaPolicy.OFFICIAL_IEP, False),
        ([date(2026, 6, 30)], "", IdeaPolicy.OFFICIAL_IEP, True),
        ([], "ELIG", IdeaPolicy.OUTCOME, True),
        ([date(2025, 12, 1)], "NOTE", IdeaPolicy.OUTCOME, False),
    ],
)
@pytest.mark.rule("EDFI-R51", "EDFI-C9")
def test_when_the_child_counts_as_eligible(ieps, outcome, policy, expected) -> None:
    child = a_child(evaluations=[an_evaluation(outcome=outcome)], ieps=ieps)

    assert the_record(child, replace(SETTINGS, idea_policy=policy)).payload["ideaIndicator"] is expected


@pytest.mark.rule("EDFI-R51", "EDFI-C9")
def test_eligible_without_an_official_iep_is_sent_with_a_warning() -> None:
    desired = desired_records(a_child(evaluations=[an_evaluation(outcome="ELIG")]), SETTINGS, TODAY)

    assert len(desired.records) == 1
    assert [warning.code for warning in desired.warnings] == ["ELIGIBLE_WITHOUT_IEP"]


def test_the_digest_knows_values_not_the_order_of_writing() -> None:
    assert digest({"a": 1, "b": {"c": "é"}}) == digest({"b": {"c": "é"}, "a": 1})
    assert digest({"a": 1}) != digest({"a": "1"})


@pytest.mark.skipif(not official.IS_THERE, reason="the official Ed-Fi OpenAPI extract is not there")
@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"delay_reason": "T"},
        {"delay_reason": "OTHER", "late_reason": "Evaluator vacancy"},
        {"outcome": "ELIG"},
    ],
)
@pytest.mark.rule("EDFI-R53")
def test_payloads_fit_the_official_definition(changes) -> None:
    child = a_child(evaluations=[an_evaluation(**changes)], enrollments=[an_enrollment(**EVAL_ONLY)])

    for record in desired_records(child, SETTINGS, TODAY).records:
        assert record.resource in (SEORA, SSEPEA)
        assert not official.why_not(record.resource.removesuffix("s"), record.payload)
        assert not any(value is None for value in record.payload.values())


@pytest.mark.skipif(not official.IS_THERE, reason="the official Ed-Fi OpenAPI extract is not there")
def test_the_official_definition_would_notice_a_wrong_payload() -> None:
    payload = {**the_record(a_child()).payload, "ideaIndicator": "True"}

    assert official.why_not(SSEPEA.removesuffix("s"), payload)
