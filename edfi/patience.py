"""How long a request is tried."""

import random
from dataclasses import dataclass

LONGEST_WAIT = 30.0


@dataclass(frozen=True)
class Patience:
    """How often a request is tried, and how long the pauses are (seconds; doubled each time, with jitter).

    `timeout`: so many seconds may it take to connect, and so many may a server be silent.
    """

    tries: int = 4
    first_pause: float = 0.5
    timeout: float = 30.0

    def pause(self, attempt: int, retry_after: str | None) -> float:
        if retry_after and retry_after.isdigit():
            return min(float(retry_after), LONGEST_WAIT)
        return min(self.first_pause * 2**attempt * (0.5 + random.random()), LONGEST_WAIT)
