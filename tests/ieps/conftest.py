"""A child of Cypress Parish, a draft, and two people who write in it."""

import pytest

from security import scope
from security.rules.roles import Role
from tests.factories import DistrictFactory, IepFactory, StudentFactory, UserFactory


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
