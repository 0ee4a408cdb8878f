"""A parish with its coordinator, a case manager and a registrar, and a child it answers for."""

from datetime import date

import pytest

from notices import actions
from notices.actions import Typed
from notices.rules.kinds import Kind, elements_of
from security import scope
from security.rules.roles import Role
from tests.factories import DistrictFactory, StudentFactory, UserFactory

ISSUED = date(2026, 10, 1)
EFFECTIVE = date(2026, 10, 20)


def complete(kind: str) -> dict[str, str]:
    """A text or a choice for everything that must be said."""
    return {
        each.element: each.choices[0] if each.choices else f"About {each.label.lower()}."
        for each in elements_of(kind)
        if each.required
    }


@pytest.fixture
def parish(db):
    return DistrictFactory(name="Cypress Parish")


@pytest.fixture
def coordinator(parish):
    return UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=parish)


@pytest.fixture
def registrar(parish):
    return UserFactory(role=Role.REGISTRAR, role__district=parish)


@pytest.fixture
def supervisor(parish):
    return UserFactory(role=Role.SPED_SUPERVISOR, role__district=parish)


@pytest.fixture
def child(parish):
    return StudentFactory(first_name="Zora", last_name="Dupre", district=parish)


@pytest.fixture
def as_system(db):
    with scope.system():
        yield


@pytest.fixture
def draft(child, coordinator):
    """A prior written notice that says everything it must."""
    typed = Typed(complete(Kind.PRIOR_WRITTEN), event_on=EFFECTIVE)
    with scope.system():
        return actions.draft(by=coordinator, student=child, kind=Kind.PRIOR_WRITTEN, typed=typed)


@pytest.fixture
def issued(draft, coordinator):
    with scope.system():
        return actions.issue(by=coordinator, notice=draft, on=ISSUED)
