"""Two neighbouring districts, and a data manager of one of them; two records of one child."""

from datetime import date
from types import SimpleNamespace

import pytest

from security.rules.roles import Role
from students.models import Student
from tests import factories as make


@pytest.fixture
def parish(db):
    mine, theirs = make.DistrictFactory(name="Cypress Parish"), make.DistrictFactory(name="Bayou Verde")
    school, other = (
        make.SiteFactory(district=mine, name="Heron High"),
        make.SiteFactory(district=mine, name="Egret"),
    )
    manager = make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)
    return SimpleNamespace(mine=mine, theirs=theirs, school=school, other=other, manager=manager)


@pytest.fixture
def child(parish):
    """`child("Fontenot", "Jules")` is a child of my district, at Heron High."""

    def make_child(last_name: str, first_name: str = "Jules", district=None, **facts):
        facts = {"district__site": parish.school} | facts if district is None else facts
        return make.StudentFactory(
            last_name=last_name, first_name=first_name, district=district or parish.mine, **facts
        )

    return make_child


# ---- two records of one child ---------------------------------------------------------------------------


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Heron Parish")


@pytest.fixture
def manager(mine):
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=mine)


def record_of(district, number: str, **facts) -> Student:
    same = {
        "last_name": "Fontenot",
        "first_name": "Jules",
        "birth_date": date(2015, 3, 12),
        "sex": "M",
    }
    return make.StudentFactory(
        district=district, state=district.state, state_student_id=number, **same | facts
    )


@pytest.fixture
def kept(mine):
    return record_of(mine, "4777000111")


@pytest.fixture
def double(mine):
    return record_of(mine, "4777000999", first_name="Julien")
