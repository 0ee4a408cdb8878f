"""A district with its coordinator and supervisor, and a child it answers for."""

from datetime import date

import pytest

from evaluations.actions import Determination
from security import scope
from security.rules.roles import Role
from tests.factories import (
    DistrictFactory,
    EvaluationFactory,
    ExceptionalityFactory,
    StudentFactory,
    UserFactory,
)

CONSENT = date(2025, 9, 1)
DECIDED = date(2025, 10, 20)
ELIGIBLE = Determination(
    on=DECIDED, outcome="ELIG", primary="SLD", others=("SLI",), summary="Reads two years below grade."
)


@pytest.fixture
def parish(db):
    return DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(parish):
    return UserFactory(
        first_name="Solange", last_name="Fuselier", role=Role.EVALUATION_COORDINATOR, role__district=parish
    )


@pytest.fixture
def psychologist(parish):
    return UserFactory(
        first_name="Mireille", last_name="Guidry", role=Role.PUPIL_APPRAISAL, role__district=parish
    )


@pytest.fixture
def supervisor(parish):
    return UserFactory(
        first_name="Marcus", last_name="Ledet", role=Role.SPED_SUPERVISOR, role__district=parish
    )


@pytest.fixture
def reader(parish):
    return UserFactory(role=Role.READER, role__district=parish)


@pytest.fixture
def child(parish):
    return StudentFactory(first_name="Zora", last_name="Dupre", district=parish)


@pytest.fixture
def evaluation(child, parish):
    """Consented, not yet decided."""
    return EvaluationFactory(
        student=child, district=parish, referral_date=date(2025, 8, 20), consent_date=CONSENT
    )


@pytest.fixture
def decided(evaluation):
    """Everything is there that a lock asks for."""
    with scope.elevated():
        evaluation.determination_date, evaluation.outcome = DECIDED, "ELIG"
        evaluation.save()
    ExceptionalityFactory(evaluation=evaluation, rank=1, code="SLD")
    return evaluation


@pytest.fixture
def as_system(db):
    with scope.system():
        yield
