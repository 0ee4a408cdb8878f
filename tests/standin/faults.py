"""Trouble on request: a test asks for outages, slow answers and lost answers, one request at a time."""

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class Kind(StrEnum):
    STATUS = "status"
    HTML = "html"
    HALF = "half"
    DROP = "drop"
    LOSE_ANSWER = "lose_answer"
    HOLD = "hold"
    HOLD_ANSWER = "hold_answer"


@dataclass
class Fault:
    """Happens to the next `times` requests that it fits. `arrived` and `release` serve the two holds."""

    kind: Kind
    times: int = 1
    status: int = 500
    retry_after: str | None = None
    method: str | None = None
    resource: str | None = None
    arrived: threading.Event = field(default_factory=threading.Event)
    release: threading.Event = field(default_factory=threading.Event)

    def fits(self, method: str, resource: str) -> bool:
        return self.times > 0 and self.method in (None, method) and self.resource in (None, resource)


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(self, kind: Kind, **how) -> Fault:
        fault = Fault(kind, **how)
        self.waiting.append(fault)
        return fault

    def take(self, method: str, resource: str) -> Fault | None:
        """The first fault that fits this request, used up by one."""
        for fault in self.waiting:
            if fault.fits(method, resource):
                fault.times -= 1
                return fault
        return None

    def release_all(self) -> None:
        for fault in self.waiting:
            fault.times = 0
            fault.release.set()
