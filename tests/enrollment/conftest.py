"""A district of the District of Columbia: the state whose codes say what each exit does."""

from types import SimpleNamespace

import pytest

from security.rules.roles import Role
from tests import factories as make


@pytest.fixture
def dc(db):
    """A district with two schools and a registrar, and a neighbour."""
    state = make.StateFactory(
        code="DC", name="District of Columbia", profile="DC", time_zone="America/New_York"
    )
    mine, theirs = make.DistrictFactory(state=state), make.DistrictFactory(state=state)
    school, other = (make.SiteFactory(state=state, district=mine) for _ in range(2))
    neighbour = make.SiteFactory(state=state, district=theirs)
    registrar = make.UserFactory(role=Role.REGISTRAR, role__district=mine)
    return SimpleNamespace(
        state=state,
        mine=mine,
        theirs=theirs,
        school=school,
        other=other,
        neighbour=neighbour,
        registrar=registrar,
    )


@pytest.fixture
def enrolled(dc):
    """`enrolled(special=True, grade="09", …)` is a child of the district, at its school since Aug 10."""

    def enroll(special: bool = False, stage: int = 5, grade: str = "09", **child):
        student = make.StudentFactory(state=dc.state, district=dc.mine, district__site=dc.school, **child)
        if special:
            make.ActivityFactory(student=student, district=dc.mine)
        return make.EnrollmentFactory(
            student=student, district=dc.mine, site=dc.school, grade=grade, stage=stage, attended=stage == 5,
            entry_code="1880" if stage == 5 else "1800", seds_state="ACTIVE" if special else "NOT_ON",
        )  # fmt: skip

    return enroll
