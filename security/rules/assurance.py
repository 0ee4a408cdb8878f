"""How long a signed confidentiality assurance counts (SEC-06), and when to remind of the next (SEC-08)."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from organizations.rules.calendar import school_year_of

ROLLING = "ROLLING"
ROLLING_PERIOD = timedelta(days=365)
THRESHOLDS = (30, 7, 0)  # days before the assurance is due


def counts_until(signed_at: datetime, period: str, zone: ZoneInfo) -> datetime:
    """The instant from which the signature counts no longer.

    `period` ROLLING: 365 days after signing; otherwise the end of the school year at the place (SEC-06).
    """
    if period == ROLLING:
        return signed_at + ROLLING_PERIOD
    last_day = school_year_of(signed_at.astimezone(zone).date()).last_day
    # Through UTC: comparing two times of one zone would ignore its offsets.
    return datetime.combine(last_day + timedelta(days=1), time.min, zone).astimezone(UTC)


def counts(signed_at: datetime, period: str, zone: ZoneInfo, now: datetime) -> bool:
    return now < counts_until(signed_at, period, zone)


def reminder_at(days_left: int) -> int | None:
    """The threshold that has been reached: 30, 7 or 0 days before; None while it is too early."""
    return min((days for days in THRESHOLDS if days_left <= days), default=None)
