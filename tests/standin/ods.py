"""A stand-in for a state's Ed-Fi API (ODS), in a thread of the test or as `python -m tests.standin.ods`.

It behaves as the Ed-Fi sources say a real one does (behaviours EDFI-B1 to B12, B15, B22, B23), and answers
on 127.0.0.1 only. Addresses may carry a school year first (`/2026/...`): each year is an ODS of its own.
"""

import argparse
import asyncio
import contextlib
import csv
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from . import problems, server
from .faults import Fault, Faults, Kind
from .resources import PROGRAMS, RESOURCES, SCHOOLS, SSA, STUDENTS
from .store import Store

TOKEN_LIMIT = 15
WISCONSIN = "uri://dpi.wi.gov"
DESCRIPTORS = {
    f"{WISCONSIN}/IDEAPartDescriptor#B",
    f"{WISCONSIN}/EligibilityEvaluationTypeDescriptor#I",
    f"{WISCONSIN}/ProgramTypeDescriptor#SPED",
    f"{WISCONSIN}/ResponsibilityDescriptor#SIE",
    *(f"{WISCONSIN}/EvaluationDelayReasonDescriptor#{code}" for code in "CIT"),
}
STATE_AGENCY = 48856
PROGRAM = {
    "educationOrganizationReference": {"educationOrganizationId": STATE_AGENCY},
    "programName": "Special Education",
    "programTypeDescriptor": f"{WISCONSIN}/ProgramTypeDescriptor#SPED",
}


@dataclass
class Seen:
    """One request as it came in, with the status it was answered with (None: no answer left the house)."""

    method: str
    resource: str
    query: dict
    body: object
    status: int | None = None


@dataclass
class Ods:
    """The stand-in's memory and switches. `clock` gives seconds, for the expiry of tokens.

    `version` is what discovery tells; `tells_changes`: it names its change queries there (EDFI-B19).
    `latency` is waited before each answer, in seconds. `unofficial` tells what it took although the official
    OpenAPI extract does not allow it.
    """

    key: str = "district-key"
    secret: str = "district-secret"  # noqa: S105
    schools: set[int] = field(default_factory=lambda: {19012, 19013})
    old_errors: bool = False
    version: str = "7.3"
    tells_changes: bool = True
    expires_in: int = 1800
    clock: Callable[[], float] = time.monotonic
    latency: float = 0.0
    base_url: str = ""
    faults: Faults = field(default_factory=Faults)
    requests: list[Seen] = field(default_factory=list)
    unofficial: list[str] = field(default_factory=list)
    tokens: dict[str, float] = field(default_factory=dict)
    stores: dict[int | None, Store] = field(default_factory=dict)

    def store(self, year: int | None = None) -> Store:
        if year not in self.stores:
            fresh = Store({STATE_AGENCY}, set(DESCRIPTORS), set(self.schools))
            for school in self.schools:
                fresh.put(SCHOOLS, {"schoolId": school})
            fresh.put(PROGRAMS, PROGRAM)
            self.stores[year] = fresh
        return self.stores[year]

    def saw(self, method: str, resource: str, query: dict, body: object) -> Seen:
        self.requests.append(Seen(method, resource, query, body))
        return self.requests[-1]

    def records(self, resource: str, year: int | None = None) -> list[dict]:
        """The payloads held, without ids."""
        return [item.payload for item in list(self.store(year).items[resource].values())]

    def add_student(self, unique_id: str, school: int | None = None, year: int | None = None) -> None:
        """A student that the student information system sent; with `school`, also an enrollment there."""
        self.store(year).put(STUDENTS, {"studentUniqueId": unique_id})
        if school is not None:
            self.store(year).put(SSA, enrollment_of(unique_id, school))

    def read_students(self, path: Path) -> None:
        """What student information systems have sent before: a CSV with the columns student and school."""
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        # A store knows the schools there were when it was made.
        self.schools |= {int(row["school"]) for row in rows}
        for row in rows:
            self.add_student(row["student"], school=int(row["school"]))

    def lose(self, resource: str, student: str | None = None, year: int | None = None) -> None:
        """Records vanish without anybody having asked for it, and without a trace in `deletes`."""
        store = self.store(year)
        for item in list(store.items[resource].values()):
            if student in (None, item.payload["studentReference"]["studentUniqueId"]):
                store.forget(item)

    def delete(self, resource: str, item_id: str, year: int | None = None) -> None:
        """Somebody else deletes a record."""
        self.store(year).delete(RESOURCES[resource], item_id, None)

    def writes(self, resource: str | None = None) -> list[Seen]:
        """The POST, PUT and DELETE requests that came in, in order."""
        return [
            seen
            for seen in list(self.requests)
            if seen.method in ("POST", "PUT", "DELETE")
            and seen.resource in RESOURCES
            and resource in (None, seen.resource)
        ]

    def fail_next(self, times: int, status: int, **where) -> Fault:
        return self.faults.add(Kind.STATUS, times=times, status=status, **where)

    def drop_next(self, times: int = 1, **where) -> Fault:
        """The connection breaks before anything is done."""
        return self.faults.add(Kind.DROP, times=times, **where)

    def lose_answer_of_next(self, times: int = 1, **where) -> Fault:
        """The work is done, then the connection breaks."""
        return self.faults.add(Kind.LOSE_ANSWER, times=times, **where)

    def answer_next_as_gateway(self, times: int = 1, status: int = 200, **where) -> Fault:
        """A page for people comes in place of the answer, and nothing is done."""
        return self.faults.add(Kind.HTML, times=times, status=status, **where)

    def halve_answer_of_next(self, times: int = 1, **where) -> Fault:
        """The work is done, and the connection breaks in the middle of the answer's body."""
        return self.faults.add(Kind.HALF, times=times, **where)

    def hold_next(self, times: int = 1, *, after: bool = False, **where) -> Fault:
        """The request waits for `fault.release`, before the work or (`after`) before the answer."""
        return self.faults.add(Kind.HOLD_ANSWER if after else Kind.HOLD, times=times, **where)

    def forget_tokens(self) -> None:
        self.tokens.clear()

    def new_token(self) -> str:
        """EDFI-B3: at most 15 live ones."""
        now = self.clock()
        self.tokens = {token: until for token, until in self.tokens.items() if until > now}
        if len(self.tokens) >= TOKEN_LIMIT:
            raise problems.too_many_tokens()
        token = uuid.uuid4().hex
        self.tokens[token] = now + self.expires_in
        return token

    def check_token(self, header: str) -> None:
        """EDFI-B4."""
        if self.tokens.get(header.removeprefix("Bearer "), 0) <= self.clock():
            raise problems.unauthenticated()


def enrollment_of(unique_id: str, school: int) -> dict:
    return {
        "entryDate": "2025-09-02",
        "schoolReference": {"schoolId": school},
        "studentReference": {"studentUniqueId": unique_id},
        "entryGradeLevelDescriptor": "uri://ed-fi.org/GradeLevelDescriptor#Third grade",
    }


async def _serve(ods: Ods, port: int, started: threading.Event, stop: asyncio.Event) -> None:
    runner = web.AppRunner(server.create_app(ods), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", port)
    await site.start()
    ods.base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    started.set()
    await stop.wait()
    await runner.cleanup()


@contextlib.contextmanager
def running(ods: Ods | None = None, port: int = 0) -> Iterator[Ods]:
    """An ODS that answers at `ods.base_url` while the block runs, in a thread of its own.

    It ends with an error where it was sent what no real one would take.
    """
    ods, started, loop, stop = ods or Ods(), threading.Event(), asyncio.new_event_loop(), asyncio.Event()
    serve = _serve(ods, port, started, stop)
    thread = threading.Thread(target=loop.run_until_complete, args=(serve,), daemon=True)
    thread.start()
    started.wait(10)
    try:
        yield ods
    finally:
        ods.faults.release_all()
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        loop.close()
    assert not ods.unofficial, ods.unofficial


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8099)
    arguments.add_argument("--key", default=Ods.key)
    arguments.add_argument("--secret", default=Ods.secret)
    arguments.add_argument("--students", type=Path, help="CSV with the columns student and school")
    arguments.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = arguments.parse_args()
    chosen = Ods(key=options.key, secret=options.secret, latency=options.latency)
    with running(chosen, options.port) as ods:
        if options.students:
            ods.read_students(options.students)
        print(f"Stand-in ODS at {ods.base_url}, key {ods.key}", flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
