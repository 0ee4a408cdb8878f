"""How long a request is tried."""

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Patience:
    """How often a request is tried, and how long the pauses are (seconds; doubled each time, with jitter).

    `timeout`: so many seconds may it take to connect, and so many may a server be silent.
    """

    tries: int = 4
    first_pause: float = 0.5
    timeout: float = 30.0

    def pause(self, attempt: int, asked_for: float | None) -> float:
        if asked_for is not None:
            return asked_for
        return min(self.first_pause * 2**attempt * (0.5 + random.random()), LONGEST_WAIT)


def asked_for(retry_after: str | None) -> float | None:
    """The seconds that a server asks to be left alone, told as a number or as a moment (EDFI-B26)."""
    if not retry_after:
        return None
    if retry_after.isdecimal():
        return float(retry_after)
    try:
        until = parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=UTC) - datetime.now(UTC)).total_seconds())  # it is always GMT
