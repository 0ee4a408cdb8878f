"""Sending to a state: our sender beside lightbeam, with the same records to the same local ODS in one run."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median

from django.conf import settings

from edfi.actions.send import send_plans
from edfi.client import Address, Client
from edfi.pace import AT_ONCE
from edfi.rules.plan import Step, Verb
from edfi.rules.records import SSEPEA, Record
from tests.bench.measure import Result, report
from tests.journeys.stack import free_port
from tests.standin.caller import eligibility
from tests.standin.ods import Ods

TITLE = "Sending to an Ed-Fi API"
RECORDS, ROUNDS, YEAR = 2_000, 3, 2026
LATENCY = 0.02  # seconds
FASTER, FASTER_FAR, OF_POSSIBLE = 1.5, 1.15, 0.8  # times lightbeam, times lightbeam, of connections / latency
NUMBERS = [str(600_000 + n) for n in range(RECORDS)]


def run(students: int) -> int:
    """Of the state nothing is needed: the records are the same for any number of students."""
    near, far = sent_by_both(0.0), sent_by_both(LATENCY)
    possible = AT_ONCE / LATENCY
    results = [
        compared("without latency", *near, FASTER),
        compared(f"with {LATENCY * 1000:.0f} ms latency, {AT_ONCE} at once", *far, FASTER_FAR),
        Result(
            f"the same beside {AT_ONCE} connections ÷ latency", 1000 / possible, 1000 / far[1],
            f"≥ {OF_POSSIBLE} of it", far[1] >= OF_POSSIBLE * possible,
        ),
    ]  # fmt: skip
    report(f"{TITLE}, ms a record of {RECORDS:,}", results)
    near_said, far_said = (f"{ours:,.0f} (lightbeam {theirs:,.0f})" for theirs, ours in (near, far))
    print(f"\nRecords a second: {near_said}, far away {far_said}")
    return 0 if all(each.reached for each in results) else 1


def compared(what: str, theirs: float, ours: float, faster: float) -> Result:
    goal = f"≥ {faster}× lightbeam ({ours / theirs:.2f}×)"
    return Result(what, 1000 / theirs, 1000 / ours, goal, ours >= faster * theirs)


def sent_by_both(latency: float) -> tuple[float, float]:
    """Records a second by lightbeam and by us, in turns, each time to an ODS that has none of them."""
    theirs, ours = [], []
    for _ in range(ROUNDS):
        for way, rates in ((by_lightbeam, theirs), (by_us, ours)):
            with far_away(latency) as address:
                rates.append(RECORDS / way(address))
    return median(theirs), median(ours)


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


def payloads() -> Iterator[dict]:
    return (eligibility(studentReference={"studentUniqueId": number}) for number in NUMBERS)


def by_lightbeam(address: str) -> float:
    """Seconds, as it tells them itself."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / f"{SSEPEA}.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in payloads()))
        key = {"client_id": Ods.key, "client_secret": Ods.secret}
        api = {"base_url": address, "mode": "shared_instance", **key}
        connection = {"verify_ssl": True, "pool_size": AT_ONCE}
        config = {"data_dir": folder, "edfi_api": api, "connection": connection}
        (Path(folder) / "lightbeam.yaml").write_text(json.dumps(config))
        command = [
            sys.executable,
            "-m",
            "lightbeam",
            "send",
            "-c",
            "lightbeam.yaml",
            "--results-file",
            "told.json",
        ]
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
        told = json.loads((Path(folder) / "told.json").read_text())
    assert told["total_records_failed"] == 0
    return told["runtime_sec"]


def by_us(address: str) -> float:
    plans = [[step_of(payload)] for payload in payloads()]
    begun = time.perf_counter()
    asyncio.run(send(address, plans))
    return time.perf_counter() - begun


def step_of(payload: dict) -> Step:
    key = {"studentUniqueId": payload["studentReference"]["studentUniqueId"]}
    record = Record(SSEPEA, YEAR, key, payload, evaluation_id=0)
    return Step(Verb.POST, record.address, 0, record)


async def send(address: str, plans: list[list[Step]]) -> None:
    async with Client(Address(address, Ods.key, Ods.secret, {})) as client:
        outcomes = await send_plans(client, plans, {})
    assert len(outcomes) == RECORDS
    assert all(outcome.done for outcome in outcomes.values())
