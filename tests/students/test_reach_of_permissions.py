"""A permission held at a site reaches the children who are there, and no others of the district."""

import pytest

from evaluations.access import why_not_refer
from ieps.access import why_not_start
from security import scope
from security.actions.assign import assign
from security.rules.roles import Permission, Role
from students.access import why_not_for
from tests import factories as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def mine():
    return make.DistrictFactory(name="Heron Parish")


@pytest.fixture
def school(mine):
    return make.SiteFactory(district=mine)


def author_at(site):
    """Sees every child of the district, and writes IEPs at one site."""
    person = make.UserFactory(role=Role.IEP_AUTHOR, role__site=site)
    if site.district:
        assign(by=None, user=person, role=Role.READER, district=site.district)
    return person


@pytest.mark.rule("ROL-11")
def test_who_writes_at_one_school_writes_for_no_child_of_another(mine, school):
    person, other = author_at(school), make.SiteFactory(district=mine)
    here, there = (make.StudentFactory(district=mine, district__site=site) for site in (school, other))
    with scope.of(person):
        assert why_not_start(person, here) is None
        assert "of Heron Parish can begin an IEP" in why_not_start(person, there)


@pytest.mark.rule("ROL-07")
def test_who_writes_at_a_nonpublic_site_writes_for_the_children_there(mine):
    academy = make.AffiliationFactory(district=mine).site
    child = make.StudentFactory(district=mine, district__site=academy)
    person = author_at(academy)
    with scope.of(person):
        assert why_not_start(person, child) is None


def test_who_evaluates_at_one_school_refers_no_child_of_another(mine, school):
    person = make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__site=school)
    assign(by=None, user=person, role=Role.READER, district=mine)
    here, there = (
        make.StudentFactory(district=mine, district__site=site)
        for site in (school, make.SiteFactory(district=mine))
    )
    with scope.of(person):
        assert why_not_refer(person, here) is None
        assert "of Heron Parish can refer" in why_not_refer(person, there)


@pytest.mark.rule("ROL-11")
def test_who_writes_at_the_school_of_today_reaches_nothing_of_an_earlier_district(mine, school):
    earlier = make.DistrictFactory(name="Pelican Parish", state=mine.state)
    child = make.StudentFactory(district=mine, district__site=school)
    person = author_at(school)
    asked = Permission.WRITE_IEP, child, "write in an IEP"
    with scope.of(person):
        assert why_not_for(person, asked[0], mine, *asked[1:]) is None
        assert "of Pelican Parish" in why_not_for(person, asked[0], earlier, *asked[1:])
