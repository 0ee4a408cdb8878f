"""The district of DC in two school years."""

from datetime import date

import pytest

from tests import factories as make


@pytest.fixture
def year(dc):
    return make.SchoolYearFactory(
        state=dc.state, name="2026-27", first_day=date(2026, 7, 1), last_day=date(2027, 6, 30)
    )


@pytest.fixture
def next_year(dc):
    return make.SchoolYearFactory(
        state=dc.state, name="2027-28", first_day=date(2027, 7, 1), last_day=date(2028, 6, 30)
    )
