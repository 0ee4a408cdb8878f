"""One made-up child, as the sending rules see it; each test changes what matters."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from edfi.rules.facts import (
    ConnectionSettings,
    EnrollmentFacts,
    EvaluationFacts,
    Facts,
    IepFacts,
    StudentFacts,
    YearWindow,
)
from edfi.rules.tables import descriptors_of

TODAY = date(2026, 3, 2)
LOCKED_AT = datetime(2025, 11, 20, 15, tzinfo=UTC)
SCHOOL, OVERRIDE = 19012, 19013

SETTINGS = ConnectionSettings(
    years=(YearWindow(2025), YearWindow(2026), YearWindow(2027)),
    program_education_organization_id=48856,
    descriptors=descriptors_of("WI"),
)


def case(rules: str, *values):
    """A row of a truth table, with the rules that it proves, blanks between."""
    return pytest.param(*values, marks=pytest.mark.rule(*rules.split()))


def an_evaluation(**changes) -> EvaluationFacts:
    """Locked, initial, consent on September 15 and determined on November 10, 2025."""
    usual = EvaluationFacts(
        id=1,
        locked_at=LOCKED_AT,
        consent_date=date(2025, 9, 15),
        determination_date=date(2025, 11, 10),
    )
    return replace(usual, **changes)


def an_enrollment(**changes) -> EnrollmentFacts:
    usual = EnrollmentFacts(
        id=1, first_day=date(2025, 9, 2), school_year=2026, district_id=7, school_edfi_id=SCHOOL
    )
    return replace(usual, **changes)


def a_child(*, evaluations=None, enrollments=None, ieps=(), edfi_id: str = "604822") -> Facts:
    return Facts(
        StudentFacts(5, edfi_id),
        tuple(evaluations if evaluations is not None else [an_evaluation()]),
        tuple(enrollments if enrollments is not None else [an_enrollment()]),
        tuple(IepFacts(day) for day in ieps),
    )
