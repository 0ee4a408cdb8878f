"""The day that a list is about."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone

from ui.dates import DateNotUnderstood, read_day


def day_of(chosen: Mapping[str, str]) -> date:
    """As typed, else today; never a day ahead, of which nobody knows anything yet."""
    today = timezone.localdate()
    try:
        return min(read_day(chosen["day"], today), today) if "day" in chosen else today
    except DateNotUnderstood:
        return today
