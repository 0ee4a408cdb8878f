"""Prism, a checker of OpenAPI, stands between a sender and the stand-in, and lets our records through.

Asked where Node's `prism` is found (CI installs it) and the official extract is beside the project.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from edfi.rules.desired import desired_records
from edfi.rules.records import SSEPEA, Record
from tests.journeys.stack import free_port, wait_until
from tests.standin import official
from tests.standin.caller import SCHOOL, STUDENT, Caller
from tests.standin.ods import Ods, running

from .rules.builders import SETTINGS, TODAY, a_child, an_enrollment, an_evaluation

HERE = Path(__file__).parents[2] / ".eser-node/node_modules/.bin"
PRISM = shutil.which("prism", path=f"{HERE}:{os.environ['PATH']}")
pytestmark = pytest.mark.skipif(
    not (PRISM and official.IS_THERE), reason="prism or the official Ed-Fi OpenAPI extract is not there"
)


@pytest.fixture(scope="module")
def ods() -> Iterator[Ods]:
    with running() as standin:
        standin.add_student(STUDENT, SCHOOL)
        yield standin


@pytest.fixture(scope="module")
def through_prism(ods: Ods) -> Iterator[Caller]:
    """Its requests pass Prism, with a token that the stand-in gave."""
    caller, port = Caller(ods), free_port()
    caller.sign_in()
    where = ["--host", "127.0.0.1", "--port", str(port)]
    command = [PRISM, "proxy", "--errors", *where, str(official.SMALLEST), f"{ods.base_url}data/v3"]
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


@pytest.mark.rule("EDFI-R53")
@pytest.mark.parametrize("changes", VARIANTS, ids=str)
def test_what_is_sent_passes_and_arrives(ods: Ods, through_prism: Caller, changes: dict) -> None:
    records = records_of(**changes)

    answers = [through_prism.send("POST", record.resource, record.payload) for record in records]

    assert {answer.status for answer in answers} <= {200, 201}, [answer.body for answer in answers]
    assert all(record.payload in ods.records(record.resource) for record in records)


def test_a_wrong_record_is_stopped_on_the_way(ods: Ods, through_prism: Caller) -> None:
    """Otherwise the test above would prove nothing."""
    sent = records_of()[-1].payload | {"consentToEvaluationReceivedDate": None}
    before = len(ods.writes())

    assert through_prism.send("POST", SSEPEA, sent).status == 422
    assert len(ods.writes()) == before
