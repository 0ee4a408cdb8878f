"""How long a signature counts, to the minute, and when people are reminded."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from security.rules.assurance import ROLLING, counts, counts_until, reminder_at

CHICAGO = ZoneInfo("America/Chicago")


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=CHICAGO)


@pytest.mark.rule("SEC-06")
@pytest.mark.rule("DEADLINE-D41")
@pytest.mark.parametrize(
    ("signed", "period", "now", "still"),
    [
        (at(2022, 8, 4), "", at(2023, 6, 30, 23, 59, 59), True),
        (at(2022, 8, 4), "", at(2023, 7, 1), False),
        (at(2022, 7, 1), "", at(2023, 6, 30), True),
        (at(2023, 6, 30, 23, 59), "", at(2023, 7, 1), False),
        (at(2023, 7, 1), "", at(2024, 6, 30, 23, 59), True),
        (at(2022, 8, 4, 12), ROLLING, at(2023, 7, 1), True),
        (at(2022, 8, 4, 12), ROLLING, at(2023, 8, 4, 11, 59), True),
        (at(2022, 8, 4, 12), ROLLING, at(2023, 8, 4, 12), False),
    ],
)
def test_a_signature_counts_for_its_period(signed, period, now, still):
    assert counts(signed, period, CHICAGO, now) is still


@pytest.mark.rule("SEC-06")
def test_the_school_year_ends_at_midnight_of_the_place():
    """A signature of the last evening in Chicago is of the next day, and of the next year, in UTC."""
    evening = at(2023, 6, 30, 22)
    assert counts_until(evening, "", CHICAGO) == at(2023, 7, 1)
    assert counts_until(evening, "", ZoneInfo("UTC")) == datetime(2024, 7, 1, tzinfo=ZoneInfo("UTC"))


@pytest.mark.rule("SEC-08")
@pytest.mark.parametrize(
    ("days_left", "threshold"),
    [(31, None), (30, 30), (8, 30), (7, 7), (1, 7), (0, 0), (-3, 0)],
)
def test_people_are_reminded_at_thirty_seven_and_no_days(days_left, threshold):
    assert reminder_at(days_left) == threshold
