"""An instant in the words of a place: "Jul 24, 2022, 11:59 pm CDT"."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ui.dates import clock, in_words


def moment_in(instant: datetime, zone: ZoneInfo) -> str:
    local = instant.astimezone(zone)
    return f"{in_words(local)}, {clock(local)} {local:%Z}"
