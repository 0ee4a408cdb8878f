"""A district that is ready to decide about access, a neighbour, and a person without access."""

from datetime import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from security.rules.roles import Role
from tests import factories as make

CHICAGO = ZoneInfo("America/Chicago")
CUT_OVER = datetime(2022, 9, 5, tzinfo=CHICAGO)


@pytest.fixture
def parish(db):
    """Policy, designated coordinator and supervisor are there; `asker` works here and has no access."""
    district = make.DistrictFactory(name="Cypress Parish")
    make.PolicyFactory(district=district)
    coordinator = make.DesignationFactory(district=district).user
    supervisor = make.UserFactory(
        role=Role.SPED_SUPERVISOR, role__district=district, district=district, first_name="Anselm"
    )
    return SimpleNamespace(
        district=district,
        coordinator=coordinator,
        supervisor=supervisor,
        school=make.SiteFactory(district=district, name="Heron High"),
        academy=make.AffiliationFactory(district=district, site__name="St. Brendan School").site,
        asker=make.UserFactory(district=district, first_name="Yvette", last_name="Thibaut"),
    )


@pytest.fixture
def neighbour(db):
    district = make.DistrictFactory(name="Bayou Verde")
    coordinator = make.DesignationFactory(district=district).user
    return SimpleNamespace(district=district, coordinator=coordinator)


@pytest.fixture
def clock(monkeypatch):
    """`clock(2022, 9, 4, 23, 59)`: it is this time in the district."""

    def set_to(*parts: int) -> datetime:
        instant = datetime(*parts, tzinfo=CHICAGO)
        monkeypatch.setattr(timezone, "now", lambda: instant)
        return instant

    return set_to
