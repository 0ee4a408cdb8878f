"""Two Ed-Fi clients that others wrote and use send to the stand-in and read from it: it behaves as an ODS.

What they need its OpenAPI documents for is asked only where the official extract is beside the project.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from edfi_api_client import EdFiClient

from . import official
from .caller import STUDENT, eligibility, responsibility
from .ods import Ods, running
from .resources import SEORA, SSEPEA

ALL_SKIPPED, ALL_FAILED = 99, 1  # how lightbeam ends
needs_extract = pytest.mark.skipif(
    not official.IS_THERE, reason="the official Ed-Fi OpenAPI extract is not there"
)
RESPONSIBILITIES = "student_education_organization_responsibility_associations"
Lightbeam = Callable[..., subprocess.CompletedProcess]


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running() as standin:
        standin.add_student(STUDENT)
        yield standin


@pytest.fixture
def lightbeam(ods: Ods, tmp_path: Path) -> Lightbeam:
    """`lightbeam("send")` runs that command on the lines beside it."""
    api = {
        "base_url": ods.base_url,
        "mode": "shared_instance",
        "client_id": ods.key,
        "client_secret": ods.secret,
    }
    config = {"data_dir": str(tmp_path), "edfi_api": api, "connection": {"verify_ssl": True}}
    (tmp_path / "lightbeam.yaml").write_text(json.dumps(config))  # JSON is YAML too

    def run(*words: str) -> subprocess.CompletedProcess:
        command = [sys.executable, "-m", "lightbeam", *words, "-c", "lightbeam.yaml"]
        return subprocess.run(
            command, cwd=tmp_path, input="yes\n", capture_output=True, text=True, check=False, timeout=60
        )

    return run


def lines(folder: Path, resource: str, *payloads: dict) -> None:
    (folder / f"{resource}.jsonl").write_text("".join(f"{json.dumps(each)}\n" for each in payloads))


@pytest.mark.rule("EDFI-B20")
def test_lightbeam_sends_what_depends_on_something_after_it(
    ods: Ods, lightbeam: Lightbeam, tmp_path: Path
) -> None:
    """The child is reached through its responsibility alone: the other way round nothing is taken."""
    lines(tmp_path, SSEPEA, eligibility())
    lines(tmp_path, SEORA, responsibility())

    assert lightbeam("send").returncode == 0

    assert [seen.resource for seen in ods.writes()] == [SEORA, SSEPEA]
    assert (ods.records(SEORA), ods.records(SSEPEA)) == ([responsibility()], [eligibility()])


def test_lightbeam_is_told_why_a_record_is_not_taken(ods: Ods, lightbeam: Lightbeam, tmp_path: Path) -> None:
    lines(tmp_path, SEORA, responsibility(studentReference={"studentUniqueId": "1"}))

    told = lightbeam("send", "--results-file", "results.json")

    results = json.loads((tmp_path / "results.json").read_text())["resources"][SEORA]
    assert (told.returncode, results["records_failed"]) == (ALL_FAILED, 1)
    assert "Student" in results["failures"][0]["message"]


@needs_extract
@pytest.mark.rule("EDFI-B16")
def test_lightbeam_fetches_page_by_page_and_deletes(ods: Ods, lightbeam: Lightbeam, tmp_path: Path) -> None:
    days = ("2025-09-15", "2025-10-15", "2025-11-15")
    for day in days:
        ods.store().put(SEORA, responsibility(beginDate=day))

    lightbeam("fetch", "--selector", SEORA, "--drop-keys", "id,_etag", "--set", "fetch.page_size", "2")
    fetched = [json.loads(line) for line in (tmp_path / f"{SEORA}.jsonl").read_text().splitlines()]
    lightbeam("delete", "--selector", SEORA)

    assert sorted(row["beginDate"] for row in fetched) == list(days)
    assert ods.records(SEORA) == []


@pytest.fixture
def client(ods: Ods) -> EdFiClient:
    client = EdFiClient(ods.base_url, ods.key, ods.secret)
    client.connect()
    return client


@pytest.mark.rule("EDFI-B1")
@pytest.mark.rule("EDFI-B25")
def test_edfi_api_client_learns_what_the_api_is_and_what_it_may(ods: Ods, client: EdFiClient) -> None:
    assert (client.get_ods_version(), client.get_data_model_version()) == ("7.3", "5.0.0")
    mine = client.get_token_info()["education_organizations"]
    assert {each["education_organization_id"] for each in mine} == {19012, 19013}


@pytest.mark.rule("EDFI-B5")
@pytest.mark.rule("EDFI-B19")
def test_edfi_api_client_writes_and_is_told_of_what_was_deleted(ods: Ods, client: EdFiClient) -> None:
    at = client.resource(RESPONSIBILITIES).url

    place = client.session.post_response(at, json.dumps(responsibility())).headers["Location"]
    before = client.get_newest_change_version()
    client.session.delete_response(at, place.rpartition("/")[2])

    (gone,) = client.resource(RESPONSIBILITIES, get_deletes=True).get_rows()
    assert (gone["keyValues"]["beginDate"], gone["changeVersion"] > before) == ("2025-09-15", True)
    assert list(client.resource(RESPONSIBILITIES, get_key_changes=True).get_rows()) == []


@pytest.mark.rule("EDFI-B18")
@pytest.mark.parametrize("year", [None, 2026])
def test_edfi_api_client_reads_every_row_by_its_page_tokens(ods: Ods, year: int | None) -> None:
    days = {f"2025-{month:02}-{day:02}" for month in (9, 10) for day in range(1, 28)}
    for day in days:
        ods.store(year).put(SEORA, responsibility(beginDate=day))

    address = f"{ods.base_url}{year}/" if year else ods.base_url
    rows = EdFiClient(address, ods.key, ods.secret).resource(RESPONSIBILITIES).get_rows(page_size=10)

    assert sorted(row["beginDate"] for row in rows) == sorted(days)
    assert {"pageToken", "pageSize"} <= ods.requests[-1].query.keys()


@pytest.mark.rule("EDFI-B16")
def test_edfi_api_client_reads_every_row_by_offset(ods: Ods, client: EdFiClient) -> None:
    days = [f"2025-09-{day:02}" for day in range(1, 8)]
    for day in days:
        ods.store().put(SEORA, responsibility(beginDate=day))

    pages = client.resource(RESPONSIBILITIES).get_pages(page_size=3)

    assert [row["beginDate"] for page in pages for row in page] == days
    assert client.resource(RESPONSIBILITIES).get_total_count() == len(days)
