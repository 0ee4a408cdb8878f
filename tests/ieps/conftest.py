"""A child of Cypress Parish, a draft, and two people who write in it."""

from datetime import timedelta

import pytest
from django.utils import timezone

from evaluations.models import Evaluation
from security import scope
from security.rules.roles import Role
from tests.factories import (
    DistrictFactory,
    EvaluationFactory,
    ExceptionalityFactory,
    IepFactory,
    StudentFactory,
    UserFactory,
)


@pytest.fixture
def parish(db):
    return DistrictFactory(name="Cypress Parish")


@pytest.fixture
def dana(parish):
    return UserFactory(first_name="Dana", last_name="Mouton", role=Role.IEP_AUTHOR, role__district=parish)


@pytest.fixture
def kofi(parish):
    return UserFactory(first_name="Kofi", last_name="Amédée", role=Role.IEP_AUTHOR, role__district=parish)


@pytest.fixture
def child(parish):
    return StudentFactory(first_name="Jules", last_name="Fontenot", district=parish)


@pytest.fixture
def draft(child, parish, dana):
    return IepFactory(student=child, district=parish, kind="REV", author=dana)


@pytest.fixture
def as_system(db):
    with scope.system():
        yield


@pytest.fixture
def eligible(child, parish):
    """A locked evaluation of three weeks ago that found a specific learning disability."""
    found = EvaluationFactory(
        student=child,
        district=parish,
        outcome="ELIG",
        determination_date=timezone.localdate() - timedelta(days=20),
    )
    ExceptionalityFactory(evaluation=found, rank=1, code="SLD")
    with scope.system():
        Evaluation.objects.filter(pk=found.pk).update(locked=True)
    return found
