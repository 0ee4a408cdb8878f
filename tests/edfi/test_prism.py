"""Prism, a checker of OpenAPI, stands between a sender and the stand-in, and lets our records through.

Asked where Node's `prism` is found (CI installs it) and the official extract is beside the project.
"""

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.facts import ActivityFacts
from edfi.rules.records import RESOURCES, SSEPEA, Record
from tests.journeys.stack import free_port, wait_until
from tests.standin import official
from tests.standin.caller import SCHOOL, STUDENT, Caller
from tests.standin.ods import PROGRAM, Ods, running
from tests.standin.resources import PROGRAMS as PROGRAMS_THERE

from .rules.builders import SETTINGS, TODAY, a_child, an_enrollment, an_evaluation
from .rules.test_program import SENDING, an_iep, child, of_programs

HERE = Path(__file__).parents[2] / ".eser-node/node_modules/.bin"
PRISM = shutil.which("prism", path=f"{HERE}:{os.environ['PATH']}")
pytestmark = pytest.mark.skipif(
    not (PRISM and official.IS_THERE), reason="prism or the official Ed-Fi OpenAPI extract is not there"
)


@pytest.fixture(scope="module")
def ods() -> Iterator[Ods]:
    with running() as standin:
        standin.add_student(STUDENT, SCHOOL)
        standin.store().descriptors |= {*SENDING.descriptors.values(), REASON}
        program = {**PROGRAM, "programTypeDescriptor": SENDING.descriptors["programType", "SPED"]}
        standin.store().put(PROGRAMS_THERE, program)
        yield standin


@pytest.fixture(scope="module")
def through_prism(ods: Ods, tmp_path_factory) -> Iterator[Caller]:
    """Its requests pass Prism, with a token that the stand-in gave."""
    caller, port = Caller(ods), free_port()
    caller.sign_in()
    described = tmp_path_factory.mktemp("prism") / "described.json"
    described.write_text(json.dumps(official.only(RESOURCES)))
    where = ["--host", "127.0.0.1", "--port", str(port)]
    command = [PRISM, "proxy", "--errors", *where, str(described), f"{ods.base_url}data/v3"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    try:
        wait_until(lambda: "Prism is listening" in process.stdout.readline(), "Prism listens")
        yield Caller(Ods(base_url=f"http://127.0.0.1:{port}/ed-fi/"), caller.token)
    finally:
        process.terminate()
        process.wait(20)


VARIANTS = [
    {},
    {"delay_reason": "T"},
    {"delay_reason": "OTHER", "late_reason": "Evaluator vacancy"},
    {"outcome": "ELIG"},
]


def records_of(**changes) -> list[Record]:
    """Responsibility and eligibility of a child that is only evaluated."""
    only_evaluated = an_enrollment(state_exclude=True, eval_only=True)
    child = a_child(evaluations=[an_evaluation(**changes)], enrollments=[only_evaluated])
    return desired_records(child, SETTINGS, TODAY).records


REASON = "uri://x/SpecialEducationExitReasonDescriptor#No longer eligible"
LEAVING = replace(SENDING, descriptors={**SENDING.descriptors, ("specialEducationExitReason", "X12"): REASON})
LEFT = ActivityFacts(date(2025, 9, 2), date(2026, 1, 9), "X12")
PROGRAMS = {
    "a usual IEP": child(),
    "without an evaluation": child(evaluations=[]),
    "without services, setting or hours": child(an_iep(setting="", total_minutes=None, services=())),
    "left special education": child(activities=[LEFT]),
    "left school": child(enrollments=[an_enrollment(last_day=date(2026, 2, 2), exit_code="1940")]),
}


@pytest.mark.rule("EDFI-R53")
@pytest.mark.parametrize(
    "records",
    [
        *(records_of(**changes) for changes in VARIANTS),
        *(of_programs(facts, LEAVING) for facts in PROGRAMS.values()),
    ],
    ids=[*map(str, VARIANTS), *PROGRAMS],
)
def test_what_is_sent_passes_and_arrives(ods: Ods, through_prism: Caller, records: list[Record]) -> None:
    assert records
    answers = [through_prism.send("POST", record.resource, record.payload) for record in records]

    assert {answer.status for answer in answers} <= {200, 201}, [answer.body for answer in answers]
    assert all(record.payload in ods.records(record.resource) for record in records)


def test_a_wrong_record_is_stopped_on_the_way(ods: Ods, through_prism: Caller) -> None:
    """Otherwise the test above would prove nothing."""
    sent = records_of()[-1].payload | {"consentToEvaluationReceivedDate": None}
    before = len(ods.writes())

    assert through_prism.send("POST", SSEPEA, sent).status == 422
    assert len(ods.writes()) == before
