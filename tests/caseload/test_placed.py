"""The children that a page names, each with where it is as far as the reader sees."""

from datetime import timedelta

import pytest
from django.utils import timezone

from caseload.placed import with_places
from security.scope import EVERYTHING, Scope, system
from tests import factories as make


@pytest.fixture
def moved(db):
    """Went to a school of Verde, and is with Bayou since today."""
    verde, bayou = (make.DistrictFactory(name=name) for name in ("Verde", "Bayou"))
    school, today = make.SiteFactory(district=verde, name="Verde Middle"), timezone.localdate()
    child = make.StudentFactory(
        district=verde, district__site=school, district__last_day=today - timedelta(days=1)
    )
    make.JurisdictionFactory(student=child, district=bayou, first_day=today)
    return child, verde, bayou


def where(child, scope: Scope) -> str:
    with system():
        return with_places(scope, [child.pk])[child.pk].where


def test_a_child_is_where_it_is_today_or_else_where_the_reader_had_it(moved):
    child, verde, bayou = moved
    assert where(child, Scope(district_ids=(verde.pk, bayou.pk))) == "Grade 6, Bayou"
    assert where(child, EVERYTHING) == "Grade 6, Bayou"
    assert where(child, Scope(district_ids=(verde.pk,))) == "Grade 6, Verde Middle"
    assert where(child, Scope()) == "Grade 6"
