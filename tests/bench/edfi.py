"""Sending to a state: our sender beside lightbeam, with the same records to the same local ODS in one run."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

import aiohttp
import uvloop
from django.conf import settings

from edfi.actions.send import send_plans
from edfi.client import Address, Client
from edfi.pace import AT_FIRST, AT_MOST, Pace
from edfi.rules.plan import Step, Verb
from edfi.rules.records import SSEPEA, Record
from eser.settled import leave_out_what_stays
from tests.bench.measure import Result, report
from tests.journeys.stack import free_port
from tests.standin.caller import eligibility
from tests.standin.ods import Ods

TITLE = "Sending to an Ed-Fi API"
RECORDS, NEAR_ROUNDS, FAR_ROUNDS, YEAR = 8_000, 9, 3, 2026
LATENCY, FAR = 0.02, 2.5  # seconds: of an answer, and of all answers one after the other on each connection
BETWEEN = 32
FASTER, FASTER_ALIKE = 1.5, 1.15  # times lightbeam as it comes, and with as many connections
OF_POSSIBLE = 0.8  # of connections / latency


def run(students: int) -> int:
    """Of the state nothing is needed: the records are the same for any number of students."""
    leave_out_what_stays()  # as each worker does
    few, many = AT_FIRST, AT_MOST
    near = rates(NEAR_ROUNDS, RECORDS, 0.0, by_lightbeam(few), by_lightbeam(many), by_us(many))
    away = f"{LATENCY * 1000:.0f} ms away"
    far = {each: rates(FAR_ROUNDS, _far(each), LATENCY, *alike(each)) for each in (few, BETWEEN, many)}
    results = [
        line(f"lightbeam as it comes ({few}), we as we come", near[0], near[2], FASTER),
        line(f"{many} at once each", near[1], near[2], FASTER_ALIKE),
        line(f"{many} at once each, {away}", far[many][0], far[many][1], FASTER_ALIKE),
        *(
            line(f"{each} connections ÷ latency, {away}", each / LATENCY, rate[1], OF_POSSIBLE)
            for each, rate in far.items()
        ),
    ]
    report(f"{TITLE}, ms a record of {RECORDS:,}", results)
    print("\nRecords a second:")
    print(f"  lightbeam {few}, {many}, we: {_in_words(near)}")
    for each, rate in far.items():
        print(f"  {each} at once, {away}, lightbeam, we, nothing but aiohttp: {_in_words(rate)}")
    return 0 if all(each.reached for each in results) else 1


def _far(at_once: int) -> int:
    return round(at_once * FAR / LATENCY)


def alike(at_once: int) -> tuple["Way", ...]:
    return by_lightbeam(at_once), by_us(at_once), by_aiohttp(at_once)


def _in_words(rates: list[float]) -> str:
    return ", ".join(f"{rate:,.0f}" for rate in rates)


def line(what: str, reference: float, ours: float, goal: float) -> Result:
    said = f"≥ {goal}× as many a second ({ours / reference:.2f}×)"
    return Result(what, 1000 / reference, 1000 / ours, said, ours >= goal * reference)


Way = Callable[[str, int], float]


def rates(rounds: int, records: int, latency: float, *ways: Way) -> list[float]:
    """Records a second by each way, at the median; in turns, each time to an ODS that has none of them."""
    found: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, of_way in zip(ways, found, strict=True):
            with far_away(latency) as address:
                of_way.append(records / way(address, records))
    return [median(of_way) for of_way in found]


@contextmanager
def far_away(latency: float) -> Iterator[str]:
    """The address of an ODS in a process of its own."""
    port = free_port()
    command = [sys.executable, "-m", "tests.bench.ods", str(port), str(latency)]
    with subprocess.Popen(command, cwd=settings.BASE_DIR, stdout=subprocess.PIPE, text=True) as process:
        process.stdout.readline()
        try:
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()


def payloads(records: int) -> Iterator[dict]:
    numbers = (str(600_000 + n) for n in range(records))
    return (eligibility(studentReference={"studentUniqueId": number}) for number in numbers)


def by_lightbeam(at_once: int) -> Way:
    """Seconds, as it tells them itself; it reads the records from a file, written out."""

    def send(address: str, records: int) -> float:
        with tempfile.TemporaryDirectory() as folder:
            lines = "\n".join(json.dumps(each) for each in payloads(records))
            (Path(folder) / f"{SSEPEA}.jsonl").write_text(lines)
            (Path(folder) / "lightbeam.yaml").write_text(json.dumps(_settings(folder, address, at_once)))
            named = ["-c", "lightbeam.yaml", "--results-file", "told.json"]
            command = [sys.executable, "-m", "lightbeam", "send", *named]
            subprocess.run(command, cwd=folder, check=True, capture_output=True)
            told = json.loads((Path(folder) / "told.json").read_text())
        assert told["total_records_failed"] == 0
        return told["runtime_sec"]

    return send


def _settings(folder: str, address: str, at_once: int) -> dict:
    key = {"client_id": Ods.key, "client_secret": Ods.secret}
    api = {"base_url": address, "mode": "shared_instance", **key}
    return {"data_dir": folder, "edfi_api": api, "connection": {"verify_ssl": True, "pool_size": at_once}}


def by_us(most: int) -> Way:
    """All that a batch does on the wire: discovery, the token, and the records."""

    def send(address: str, records: int) -> float:
        plans = [[step_of(payload)] for payload in payloads(records)]
        begun = time.perf_counter()
        uvloop.run(send_all(address, plans, Pace(most)))
        return time.perf_counter() - begun

    return send


def by_aiohttp(at_once: int) -> Way:
    """Nothing but requests: what this library reaches with so many connections."""

    def send(address: str, records: int) -> float:
        begun = time.perf_counter()
        uvloop.run(post_all(f"{address}data/v3/ed-fi/{SSEPEA}", records, at_once))
        return time.perf_counter() - begun

    return send


async def post_all(url: str, records: int, at_once: int) -> None:
    waiting = payloads(records)

    async def post_some() -> None:
        for payload in waiting:
            async with session.post(url, json=payload) as response:
                await response.read()

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(post_some() for _ in range(at_once)))


def step_of(payload: dict) -> Step:
    """As the plan makes it: it compares digests, and so has written the record out."""
    key = {"studentUniqueId": payload["studentReference"]["studentUniqueId"]}
    record = Record(SSEPEA, YEAR, key, payload, evaluation_id=0)
    assert record.payload_digest
    return Step(Verb.POST, record.address, 0, record)


async def send_all(address: str, plans: list[list[Step]], pace: Pace) -> None:
    async with Client(Address(address, Ods.key, Ods.secret, {}), pace=pace) as client:
        outcomes = await send_plans(client, plans, {})
    assert len(outcomes) == len(plans)
    assert all(outcome.done for outcome in outcomes.values())
