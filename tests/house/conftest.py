"""A child with one record of each kind, and somebody who has every role elsewhere."""

import pytest

from security.models import User
from tests import factories as make
from tests.house.elsewhere import Elsewhere, records_at, with_every_role_at


@pytest.fixture
def there() -> Elsewhere:
    district = make.DistrictFactory(name="Heron Parish")
    return records_at(district, make.SiteFactory(district=district))


@pytest.fixture
def stranger() -> User:
    """Has every role in a district of their own, and nothing beyond it."""
    return with_every_role_at(make.DistrictFactory(name="Cypress Parish"))
