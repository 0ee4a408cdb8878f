"""When a record should be at the state, from which enrollment, in which year (Wisconsin Ed-Fi v3.6)."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.facts import FuturePolicy, Profile, YearPolicy, YearWindow
from edfi.rules.records import SEORA, SSEPEA

from .builders import (
    LOCKED_AT,
    OVERRIDE,
    SCHOOL,
    SETTINGS,
    TODAY,
    a_child,
    an_enrollment,
    an_evaluation,
    case,
)

LATER = datetime(2026, 1, 5, tzinfo=UTC)


def outcome(facts, settings=SETTINGS, today=TODAY) -> list[str]:
    """The resources desired, in order, or the reasons for nothing."""
    desired = desired_records(facts, settings, today)
    return [record.resource for record in desired.records] or [
        str(reason.code) for reason in desired.not_sent
    ]


def schools(facts) -> list[int]:
    return [r.natural_key["educationOrganizationId"] for r in desired_records(facts, SETTINGS, TODAY).records]


def years(facts, settings=SETTINGS) -> list[int]:
    return [record.year for record in desired_records(facts, settings, TODAY).records]


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        case("EDFI-R3", Profile.PUBLIC, SSEPEA),
        case("EDFI-R1", Profile.CHOICE, "PROFILE_NOT_PUBLIC"),
        case("EDFI-R11", Profile.CHOICE_PRIVATE, "PROFILE_NOT_PUBLIC"),
    ],
)
def test_only_a_public_connection_sends(profile, expected) -> None:
    assert outcome(a_child(), replace(SETTINGS, profile=profile)) == [expected]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        case("EDFI-R3", {}, SSEPEA),
        case("EDFI-R20", {"locked_at": None}, "NOT_LOCKED"),
        case("EDFI-R4", {"type": "REEV"}, "NOT_INITIAL"),
        case("EDFI-R43 EDFI-C6", {"consent_date": None}, "NO_CONSENT_DATE"),
        case("EDFI-R3", {"determination_date": None}, "NO_DETERMINATION_DATE"),
        case("EDFI-R46", {"determination_date": date(2025, 9, 14)}, "DETERMINED_BEFORE_CONSENT"),
        case("EDFI-R46", {"determination_date": date(2025, 9, 15)}, SSEPEA),
        case("EDFI-R46", {"determination_date": date(2026, 3, 3)}, "DETERMINATION_IN_FUTURE"),
        case("EDFI-R45", {"determination_date": TODAY}, SSEPEA),
    ],
)
def test_what_an_evaluation_needs(changes, expected) -> None:
    assert outcome(a_child(evaluations=[an_evaluation(**changes)])) == [expected]


@pytest.mark.rule("EDFI-R42")
@pytest.mark.parametrize("edfi_id", ["", "  "])
def test_a_child_without_a_state_id_is_listed_and_not_sent(edfi_id) -> None:
    assert outcome(a_child(edfi_id=edfi_id)) == ["NO_EDFI_ID"]


@pytest.mark.rule("EDFI-R19")
def test_a_deleted_evaluation_leaves_nothing() -> None:
    assert outcome(a_child(evaluations=[])) == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"first_day": date(2025, 11, 10)}, SSEPEA),
        ({"first_day": date(2025, 11, 11)}, "NO_ENROLLMENT"),
        ({"last_day": date(2025, 11, 10)}, SSEPEA),
        ({"last_day": date(2025, 11, 9)}, "NO_ENROLLMENT"),
        ({"last_day": None}, SSEPEA),
    ],
)
@pytest.mark.rule("EDFI-R5")
@pytest.mark.rule("EDFI-R25")
def test_the_determination_falls_into_the_enrollment_both_ends_included(changes, expected) -> None:
    assert outcome(a_child(enrollments=[an_enrollment(**changes)])) == [expected]


@pytest.mark.rule("EDFI-R21")
def test_without_its_enrollment_the_record_goes() -> None:
    assert outcome(a_child(enrollments=[])) == ["NO_ENROLLMENT"]


@pytest.mark.rule("EDFI-R21")
def test_another_enrollment_takes_over() -> None:
    other = an_enrollment(id=2, school_edfi_id=19013)

    assert schools(a_child(enrollments=[an_enrollment(no_show=True), other])) == [19013]


@pytest.mark.parametrize(
    ("first", "second", "winner"),
    [
        ({"state_type": "PPP"}, {"state_type": "P", "service_type": "N"}, 2),
        ({"state_type": "S", "service_type": "P"}, {"state_type": "PPP"}, 2),
        ({"state_type": "S", "service_type": "N"}, {"state_type": "S", "service_type": "P"}, 2),
        ({"state_type": "S", "service_type": "S"}, {"state_type": "S", "service_type": "N"}, 2),
        ({}, {"first_day": date(2025, 10, 1)}, 2),
        ({}, {}, 1),
    ],
)
@pytest.mark.rule("EDFI-R6")
def test_of_several_enrollments_the_primary_one_reports(first, second, winner) -> None:
    pair = [an_enrollment(id=1, school_edfi_id=1, **first), an_enrollment(id=2, school_edfi_id=2, **second)]

    assert schools(a_child(enrollments=pair)) == [winner]


@pytest.mark.rule("EDFI-R27")
def test_a_change_of_the_lower_one_changes_nothing() -> None:
    upper, lower = an_enrollment(), an_enrollment(id=2, state_type="S", service_type="N")
    versions = ([upper, lower], [upper, replace(lower, no_show=True)], [upper])

    assert (
        len(
            {
                desired_records(a_child(enrollments=v), SETTINGS, TODAY).records[0].payload_digest
                for v in versions
            }
        )
        == 1
    )


RESPONSIBLE = [SEORA, SSEPEA]
EVAL_ONLY = {"state_exclude": True, "eval_only": True}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        case("EDFI-R7", {"state_exclude": True, "eval_only": True}, RESPONSIBLE),
        case("EDFI-R7", {"wise_exclude": True, "eval_only": True}, RESPONSIBLE),
        case("EDFI-R7", {"eval_only": True}, [SSEPEA]),
        case("EDFI-R8", {"no_show": True}, ["NO_SHOW"]),
        case("EDFI-R9", {"state_exclude": True}, ["EXCLUDED"]),
        case("EDFI-R23", {"wise_exclude": True}, ["EXCLUDED"]),
        case("EDFI-R10 EDFI-C2", {"no_show": True, "eval_only": True}, ["NO_SHOW"]),
        case("EDFI-R22 EDFI-C2", {"no_show": True, "eval_only": True, "state_exclude": True}, ["NO_SHOW"]),
        case("EDFI-R12", {"calendar_excluded": True}, ["CALENDAR_EXCLUDED"]),
        case("EDFI-R12", {"summer_school": True}, ["SUMMER_SCHOOL"]),
        case("EDFI-R12", {"school_excluded": True}, ["SCHOOL_EXCLUDED"]),
        case("EDFI-R12", {**EVAL_ONLY, "summer_school": True}, ["SUMMER_SCHOOL"]),
    ],
)
def test_marks_on_the_enrollment(changes, expected) -> None:
    assert outcome(a_child(enrollments=[an_enrollment(**changes)])) == expected


@pytest.mark.rule("EDFI-R13")
def test_each_evaluation_has_its_own_record_from_its_own_fields() -> None:
    second = an_evaluation(
        id=2,
        consent_date=date(2026, 1, 7),
        determination_date=date(2026, 2, 20),
        delay_reason="C",
        locked_at=LATER,
    )
    records = desired_records(a_child(evaluations=[second, an_evaluation()]), SETTINGS, TODAY).records

    seen = [
        (r.payload["consentToEvaluationReceivedDate"], r.payload["eligibilityDeterminationDate"])
        for r in records
    ]
    assert seen == [("2025-09-15", "2025-11-10"), ("2026-01-07", "2026-02-20")]
    assert ["evaluationDelayReasonDescriptor" in r.payload for r in records] == [False, True]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        case("EDFI-R14", {"determination_date": date(2025, 12, 1)}, "SAME_KEY"),
        case("EDFI-R15", {"consent_date": date(2025, 9, 16)}, "SAME_DETERMINATION_DATE"),
    ],
)
@pytest.mark.parametrize("order", [1, -1])
def test_the_evaluation_locked_later_gives_way(changes, reason, order) -> None:
    evaluations = [an_evaluation(id=9, locked_at=LOCKED_AT), an_evaluation(id=2, locked_at=LATER, **changes)]

    desired = desired_records(a_child(evaluations=evaluations[::order]), SETTINGS, TODAY)

    assert [record.evaluation_id for record in desired.records] == [9]
    assert [(r.evaluation_id, r.code) for r in desired.not_sent] == [(2, reason)]


@pytest.mark.parametrize(
    ("consent", "determination", "policy", "year"),
    [
        case("EDFI-R36", date(2025, 9, 15), date(2025, 11, 10), YearPolicy.CONSENT, 2026),
        case("EDFI-R16 EDFI-C1", date(2025, 6, 1), date(2025, 9, 10), YearPolicy.CONSENT, 2025),
        case("EDFI-R36 EDFI-C1", date(2025, 6, 1), date(2025, 9, 10), YearPolicy.DETERMINATION, 2026),
        case("EDFI-R37", date(2025, 6, 30), date(2025, 9, 10), YearPolicy.CONSENT, 2025),
        case("EDFI-R37", date(2025, 7, 1), date(2025, 9, 10), YearPolicy.CONSENT, 2026),
    ],
)
def test_one_record_in_one_year(consent, determination, policy, year) -> None:
    child = a_child(evaluations=[an_evaluation(consent_date=consent, determination_date=determination)])

    assert years(child, replace(SETTINGS, year_policy=policy)) == [year]


@pytest.mark.rule("EDFI-R39", "EDFI-C1")
def test_eval_only_goes_to_the_year_of_its_enrollment_with_a_warning() -> None:
    child = a_child(
        evaluations=[an_evaluation(consent_date=date(2025, 6, 1), determination_date=date(2025, 9, 10))],
        enrollments=[an_enrollment(state_exclude=True, eval_only=True, school_year=2026)],
    )

    assert years(child) == [2026, 2026]
    assert [w.code for w in desired_records(child, SETTINGS, TODAY).warnings] == ["EVAL_ONLY_OTHER_YEAR"]


ENDS_JUNE_12 = YearWindow(2025, last_day=date(2025, 6, 12))


@pytest.mark.parametrize(
    ("windows", "consent", "expected"),
    [
        case("EDFI-R38", (YearWindow(2027),), date(2025, 9, 15), "NO_YEAR_CONFIGURATION"),
        case("EDFI-R37", (ENDS_JUNE_12,), date(2025, 6, 13), "AFTER_YEAR_END"),
        case("EDFI-R37", (ENDS_JUNE_12,), date(2025, 6, 12), SSEPEA),
        case("EDFI-R2", (YearWindow(2022),), date(2022, 5, 2), "BEFORE_2022_23"),
        case("EDFI-R2", (YearWindow(2023),), date(2022, 7, 1), SSEPEA),
    ],
)
def test_only_configured_years_from_2022_23_on(windows, consent, expected) -> None:
    child = a_child(
        evaluations=[an_evaluation(consent_date=consent)],
        enrollments=[an_enrollment(first_day=date(2021, 9, 1))],
    )

    assert outcome(child, replace(SETTINGS, years=windows)) == [expected]


def test_a_reason_names_the_year_that_is_missing() -> None:
    desired = desired_records(a_child(), replace(SETTINGS, years=()), TODAY)

    assert "school year 2025-26" in desired.not_sent[0].sentence


@pytest.mark.parametrize(
    ("override", "school", "expected"),
    [
        (None, SCHOOL, [SCHOOL]),
        (OVERRIDE, SCHOOL, [OVERRIDE]),
        (OVERRIDE, None, [OVERRIDE]),
        (None, None, []),
    ],
)
@pytest.mark.rule("EDFI-R40", "EDFI-C5")
@pytest.mark.rule("EDFI-R18")
def test_the_school_override_comes_first(override, school, expected) -> None:
    enrollment = an_enrollment(override_school_edfi_id=override, school_edfi_id=school)

    assert schools(a_child(enrollments=[enrollment])) == expected


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 3, 2), "DETERMINATION_IN_FUTURE"),
        (date(2026, 3, 9), "DETERMINATION_IN_FUTURE"),
        (date(2026, 3, 10), SSEPEA),
    ],
)
@pytest.mark.rule("EDFI-R47", "EDFI-C7")
def test_a_future_determination_waits_for_its_day(day, expected) -> None:
    child = a_child(evaluations=[an_evaluation(determination_date=date(2026, 3, 10))])

    assert outcome(child, today=day) == [expected]


@pytest.mark.rule("EDFI-R45")
@pytest.mark.rule("EDFI-R47", "EDFI-C7")
def test_a_profile_may_send_it_before_as_incomplete() -> None:
    child = a_child(evaluations=[an_evaluation(determination_date=date(2026, 3, 10))])
    settings = replace(SETTINGS, future_policy=FuturePolicy.SEND_INCOMPLETE)

    payload = desired_records(child, settings, TODAY).records[0].payload

    assert payload["evaluationCompleteIndicator"] is False
    assert "eligibilityDeterminationDate" not in payload
