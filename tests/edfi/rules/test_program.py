"""The program record of an official IEP: when there is one, in which years, and what it says."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.facts import (
    ActivityFacts,
    ConnectionSettings,
    EvaluationFacts,
    Facts,
    IepFacts,
    Profile,
    ServiceFacts,
    UnmappedPolicy,
    YearWindow,
)
from edfi.rules.plan import Known, plan
from edfi.rules.records import PARTICIPATION, SSEPEA, Desired, Record, resources_with
from edfi.rules.tables import descriptors_of
from tests.standin import official

from .builders import LOCKED_AT, SETTINGS, TODAY, a_child, an_enrollment, an_evaluation

OURS = "uri://x/SpecialEducationProgramServiceDescriptor#Instruction"
YEARS = tuple(YearWindow(year, programs=True) for year in (2025, 2026, 2027))
SENDING = replace(
    SETTINGS,
    years=YEARS,
    descriptors={**descriptors_of("ED-FI"), ("specialEducationProgramService", "SEI"): OURS},
)
CORE = "uri://ed-fi.org"


def an_iep(**changes) -> IepFacts:
    """In force from December 1, 2025, for a year."""
    usual = IepFacts(
        date(2025, 12, 1), id=9, district_id=7, first_day=date(2025, 12, 1), last_day=date(2026, 11, 30),
        setting="RC80", total_minutes=1800,
        services=(ServiceFacts("SEI", date(2025, 12, 1), date(2026, 11, 30), 300),
                  ServiceFacts("SLP", date(2025, 12, 3), None, 60)),
    )  # fmt: skip
    return replace(usual, **changes)


def eligible(**changes) -> EvaluationFacts:
    return an_evaluation(**{"outcome": "ELIG", "disabilities": ("SLI", "SLD"), **changes})


def child(*ieps: IepFacts, evaluations=None, activities: Iterable[ActivityFacts] = (), **more) -> Facts:
    facts = a_child(evaluations=[eligible()] if evaluations is None else evaluations, **more)
    return replace(facts, ieps=ieps or (an_iep(),), activities=tuple(activities))


def of_programs(facts: Facts, settings: ConnectionSettings = SENDING, today: date = TODAY) -> list[Record]:
    records = desired_records(facts, settings, today).records
    return [record for record in records if record.resource == PARTICIPATION]


def reasons(facts: Facts, settings: ConnectionSettings = SENDING) -> list[tuple[str, str]]:
    not_sent = desired_records(facts, settings, TODAY).not_sent
    return [(reason.code, reason.about) for reason in not_sent if reason.resource == PARTICIPATION]


def test_the_whole_record_of_a_usual_iep() -> None:
    (record,) = of_programs(child())

    assert (record.year, record.evaluation_id) == (2026, 9)
    assert record.payload == {
        "beginDate": "2025-12-01",
        "educationOrganizationReference": {"educationOrganizationId": 19012},
        "programReference": {
            "educationOrganizationId": 48856,
            "programName": "Special Education",
            "programTypeDescriptor": f"{CORE}/ProgramTypeDescriptor#Special Education",
        },
        "studentReference": {"studentUniqueId": "604822"},
        "iepBeginDate": "2025-12-01",
        "iepEndDate": "2026-11-30",
        "lastEvaluationDate": "2025-11-10",
        "ideaEligibility": True,
        "disabilities": [
            {
                "disabilityDescriptor": f"{CORE}/DisabilityDescriptor#Speech or Language Impairment",
                "orderOfDisability": 1,
            },
            {
                "disabilityDescriptor": f"{CORE}/DisabilityDescriptor#Specific Learning Disability",
                "orderOfDisability": 2,
            },
        ],
        "specialEducationSettingDescriptor": (
            f"{CORE}/SpecialEducationSettingDescriptor#Inside regular class 80% or more of the day"
        ),
        "schoolHoursPerWeek": 30.0,
        "specialEducationProgramServices": [
            {
                "specialEducationProgramServiceDescriptor": OURS,
                "serviceBeginDate": "2025-12-01",
                "serviceEndDate": "2026-11-30",
            },
            {
                "specialEducationProgramServiceDescriptor": (
                    f"{CORE}/SpecialEducationProgramServiceDescriptor#Speech-Language And Audiology Services"
                ),
                "serviceBeginDate": "2025-12-03",
            },
        ],
        "specialEducationHoursPerWeek": 6.0,
    }


@pytest.mark.parametrize(
    ("years", "apart", "iep", "sent_for"),
    [
        (YEARS, False, {}, [2026]),
        (YEARS, True, {}, [2026]),
        ((YearWindow(2026),), False, {}, []),
        (YEARS, False, {"first_day": date(2025, 3, 1)}, [2025]),
        (YEARS, True, {"first_day": date(2025, 3, 1)}, [2025, 2026]),
        (YEARS, True, {"first_day": date(2025, 3, 1), "replaced_from": date(2025, 6, 1)}, [2025]),
        (YEARS, False, {"first_day": date(2026, 3, 3)}, []),
        (YEARS, False, {"replaced_from": date(2025, 12, 1)}, []),
        (YEARS, False, {"id": 0}, []),
    ],
    ids=[
        "one ODS", "an ODS a year", "switched off", "begun earlier, one ODS", "begun earlier, an ODS a year",
        "over before the year", "begins tomorrow", "replaced on its first day", "only a day is known",
    ],
)  # fmt: skip
def test_in_which_school_years_it_is_sent(years, apart, iep, sent_for) -> None:
    facts = child(an_iep(**iep), enrollments=[an_enrollment(first_day=date(2024, 9, 2))])

    settings = replace(SENDING, years=years, years_apart=apart)

    assert [record.year for record in of_programs(facts, settings)] == sent_for
    assert reasons(facts, settings) == []


LEFT = {"last_day": date(2026, 2, 13), "exit_code": "1940"}


@pytest.mark.parametrize(
    ("iep", "enrollment", "activity", "expected"),
    [
        ({}, {}, None, {}),
        ({"replaced_from": date(2026, 2, 2)}, {}, None, {"endDate": "2026-02-01"}),
        ({"replaced_from": date(2026, 8, 2)}, {}, None, {}),
        ({}, LEFT, None, {"endDate": "2026-02-13", "reasonExitedDescriptor": "Moved out of state"}),
        (
            {},
            LEFT,
            ActivityFacts(date(2025, 12, 1), date(2026, 2, 13)),
            {
                "endDate": "2026-02-13",
                "reasonExitedDescriptor": "Moved out of state",
                "specialEducationExitDate": "2026-02-13",
                "specialEducationExitReasonDescriptor": "Transferred out",
            },
        ),
        ({}, {}, ActivityFacts(date(2025, 12, 1), date(2026, 4, 1), "X12"), {}),
        ({}, {}, ActivityFacts(date(2023, 12, 1), date(2024, 4, 1), "X12"), {}),
    ],
    ids=["goes on", "replaced", "to be replaced", "left", "left both", "end announced", "an earlier stretch"],
)
def test_how_it_ends(iep, enrollment, activity, expected) -> None:
    facts = child(
        an_iep(**iep),
        enrollments=[an_enrollment(**enrollment)],
        activities=[activity] if activity else [],
    )
    (record,) = of_programs(facts)
    ends = {
        name: value.rpartition("#")[2]
        for name, value in record.payload.items()
        if "xit" in name or name == "endDate"
    }

    assert ends == expected


def test_a_child_who_goes_on_elsewhere_in_the_district_has_not_left() -> None:
    moved = an_enrollment(id=2, first_day=date(2026, 2, 16), school_edfi_id=19013)

    (record,) = of_programs(child(enrollments=[an_enrollment(**LEFT), moved]))

    assert "endDate" not in record.payload
    assert record.natural_key["educationOrganizationId"] == 19012


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        (child(edfi_id=" "), ("NO_EDFI_ID", "")),
        (child(an_iep(first_day=None)), ("IEP_WITHOUT_FIRST_DAY", "")),
        (child(enrollments=[]), ("NO_SCHOOL_WITH_IEP", "")),
        (child(enrollments=[an_enrollment(no_show=True)]), ("NO_SHOW", "")),
        (child(enrollments=[an_enrollment(state_exclude=True, eval_only=True)]), ("NO_SCHOOL_WITH_IEP", "")),
        (child(enrollments=[an_enrollment(school_edfi_id=None)]), ("NO_SCHOOL_NUMBER", "")),
        (child(an_iep(setting="REC10YSVCS")), ("UNMAPPED_CODE", "specialEducationSetting REC10YSVCS")),
        (child(evaluations=[eligible(disabilities=("DD",))]), ("UNMAPPED_CODE", "disability DD")),
        (
            child(activities=[ActivityFacts(date(2025, 12, 1), date(2026, 2, 1), "X12")]),
            ("UNMAPPED_CODE", "specialEducationExitReason X12"),
        ),
    ],
)
@pytest.mark.rule("EDFI-R53")
def test_why_it_is_not_sent(facts, reason) -> None:
    assert reasons(facts) == [reason]
    assert of_programs(facts) == []


def test_a_connection_may_leave_out_what_has_no_value_and_says_so() -> None:
    settings = replace(SENDING, unmapped_policy=UnmappedPolicy.LEAVE_OUT)
    facts = child(an_iep(setting="REC10YSVCS"), evaluations=[eligible(disabilities=("DD", "SLI"))])
    desired = desired_records(facts, settings, TODAY)
    (record,) = of_programs(facts, settings)

    assert "specialEducationSettingDescriptor" not in record.payload
    assert [item["orderOfDisability"] for item in record.payload["disabilities"]] == [2]
    assert [warning.about for warning in desired.warnings if warning.code == "LEFT_OUT"] == [
        "disability DD",
        "specialEducationSetting REC10YSVCS",
    ]


@pytest.mark.rule("EDFI-R53")
def test_a_record_that_is_held_names_every_code_that_keeps_it() -> None:
    facts = child(an_iep(setting="SC"), evaluations=[eligible(disabilities=("DD", "SLI", "EMN"))])

    assert [about for _, about in reasons(facts)] == [
        "disability DD",
        "disability EMN",
        "specialEducationSetting SC",
    ]


def test_what_the_state_needs_is_never_left_out() -> None:
    settings = replace(SENDING, unmapped_policy=UnmappedPolicy.LEAVE_OUT, descriptors={})

    assert ("UNMAPPED_CODE", "programType SPED") in reasons(child(), settings)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [({}, True), ({"disabilities": ()}, False), ({"outcome": "NOTE"}, False)],
    ids=["a disability", "giftedness alone", "not eligible"],
)
def test_when_the_child_is_eligible_by_idea(changes, expected) -> None:
    (record,) = of_programs(child(evaluations=[eligible(**changes)]))

    assert record.payload["ideaEligibility"] is expected


def test_the_last_locked_evaluation_counts() -> None:
    later = eligible(id=2, type="RE", determination_date=date(2026, 2, 1), disabilities=("OHI",))
    coming = replace(later, id=3, determination_date=date(2026, 4, 1), disabilities=("TBI",))
    open_one = replace(later, id=4, locked_at=None, disabilities=("VI",))

    (record,) = of_programs(child(evaluations=[eligible(locked_at=LOCKED_AT), later, coming, open_one]))

    assert record.payload["lastEvaluationDate"] == "2026-02-01"
    assert [item["disabilityDescriptor"] for item in record.payload["disabilities"]] == [
        f"{CORE}/DisabilityDescriptor#Other Health Impairment"
    ]


def test_two_services_that_are_one_to_the_state_are_told_once() -> None:
    services = ServiceFacts("PT", date(2025, 12, 8)), ServiceFacts("OT", date(2025, 12, 1))

    (record,) = of_programs(child(an_iep(services=services)))

    (service,) = record.payload["specialEducationProgramServices"]
    assert service["serviceBeginDate"] == "2025-12-01"


@pytest.mark.rule("EDFI-R11")
def test_a_connection_that_is_not_public_sends_none_and_says_nothing() -> None:
    settings = replace(SENDING, profile=Profile.CHOICE)

    assert (of_programs(child(), settings), reasons(child(), settings)) == ([], [])


def test_an_iep_and_an_evaluation_of_one_number_are_two_records() -> None:
    desired = desired_records(child(an_iep(id=1)), SENDING, TODAY)
    steps = plan(desired, [])
    known = [Known(*step.address, step.record.payload_digest, 1) for step in steps]

    assert [step.resource for step in steps] == [SSEPEA, PARTICIPATION]
    assert [step.resource for step in plan(Desired(), known)] == [PARTICIPATION, SSEPEA]


@pytest.mark.parametrize(
    ("descriptor", "resources"),
    [("programType", (SSEPEA, PARTICIPATION)), ("disability", (PARTICIPATION,)), ("ideaPart", (SSEPEA,))],
)
@pytest.mark.rule("EDFI-R31")
def test_a_changed_value_concerns_the_records_that_hold_it(descriptor, resources) -> None:
    assert resources_with(descriptor) == resources


@pytest.mark.skipif(not official.IS_THERE, reason="the official Ed-Fi OpenAPI extract is not there")
@pytest.mark.parametrize(
    "facts",
    [
        child(),
        child(evaluations=[], activities=[]),
        child(
            enrollments=[an_enrollment(**LEFT)],
            activities=[ActivityFacts(date(2025, 12, 1), date(2026, 2, 13))],
        ),
    ],
    ids=["usual", "without an evaluation", "left"],
)
def test_it_fits_the_official_definition(facts) -> None:
    (record,) = of_programs(facts)

    assert not official.why_not(PARTICIPATION.removesuffix("s"), record.payload)
    assert not any(value is None for value in record.payload.values())
