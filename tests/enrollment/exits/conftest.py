"""A child that left, the registrar who exits it, and the state that decides."""

from datetime import date

import pytest
from django.core.files.base import ContentFile

from enrollment import actions
from security import scope
from security.rules.roles import Role
from tests import factories as make

SEP_4 = date(2026, 9, 4)


def letter(name: str = "letter.pdf") -> ContentFile:
    return ContentFile(b"%PDF-1.7 a letter of the new school", name=name)


@pytest.fixture
def state_person(dc):
    return make.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def left(dc, enrolled):
    """`left("1941", special=True)`: the enrollment after its exit on Sep 4."""

    def leave(code: str = "1941", special: bool = True, on: date = SEP_4, **child):
        row = enrolled(special=special, **child)
        with scope.of(dc.registrar):
            return actions.exit_student(
                by=dc.registrar, enrollment=row, code=code, on=on, how_known="The mother called."
            )

    return leave


@pytest.fixture
def do(dc, state_person):
    """`do(verb, enrollment=…)` as the registrar, `do(verb, …, as_state=True)` as the state."""

    def call(verb, as_state: bool = False, **what):
        by = state_person if as_state else dc.registrar
        with scope.of(by):
            return verb(by=by, **what)

    return call


@pytest.fixture
def now():
    """The row as it is in the database."""

    def read(enrollment):
        with scope.system():
            return type(enrollment).objects.select_related("student").get(pk=enrollment.pk)

    return read
