"""manage.py rollover load: for operators, beside the pages."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from migration.actions import start_rollover
from migration.models import LoadRun, RunState
from migration.result import SIGNED
from migration.rules.findings import quality_rules
from migration.sample import LEAS_CSV, SITES_CSV, child, enclose, staff, write_extract, write_line
from organizations.models import District, Site, State
from security import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def extract(tmp_path) -> Path:
    """A folder as it is handed over, with three children."""
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "leas.csv").write_text(LEAS_CSV)
    (tmp_path / "reference" / "sites.csv").write_text(SITES_CSV)
    records = [record for number in (21, 22, 23) for record in child(number).items()]
    (tmp_path / "legser.dat").write_bytes(write_extract([*records, staff()]))
    return tmp_path


def printed(path: Path, *options: str) -> dict:
    out = StringIO()
    try:
        call_command("rollover", "load", str(path), "--json", *options, stdout=out)
    finally:
        lines = out.getvalue().splitlines()
    return json.loads(lines[-1])


def test_the_object_names_every_rule_and_every_type(extract):
    given = printed(extract)
    assert set(given) == {"run", "types", "drafts", "continuity", "archived_students", "findings"}
    assert list(given["findings"]) == [rule for rule in quality_rules() if rule != SIGNED]
    assert given["types"]["01"] == {"extracted": 3, "migrated": 3, "archived": 0, "rejected": 0}


def test_places_that_are_missing_are_made_and_others_stay_as_they_are(extract):
    printed(extract, "--dry-run")
    District.objects.filter(code="911").update(name="Renamed here")
    Site.objects.filter(code="911001").delete()
    printed(extract)
    assert District.objects.get(code="911").name == "Renamed here"
    assert Site.objects.filter(code="911001").exists()


@pytest.mark.parametrize(
    "written",
    [
        "2022-07-24T23:59:00",
        "2022-07-24T23:59:00-05:00",
        "2022-07-25T04:59:00+00:00",
        "2022-07-24T23:59:00 America/Chicago",
        "2022-07-25T00:59:00 America/New_York",
    ],
)
def test_the_freeze_is_an_instant_by_the_clock_of_the_state(extract, written):
    call_command(
        "rollover", "load", str(extract), "--freeze", written, "--dry-run", "--json", stdout=StringIO()
    )
    freeze = LoadRun.objects.get().freeze.astimezone(timezone.get_fixed_timezone(0))
    assert f"{freeze:%Y-%m-%d %H:%M}" == "2022-07-25 04:59"


@pytest.mark.parametrize(
    ("freeze", "words"), [("soon", "is no instant"), ("2022-08-01", "before the freeze")]
)
def test_a_freeze_that_cannot_be_is_refused_in_words(extract, freeze, words):
    with pytest.raises(CommandError, match=words):
        call_command("rollover", "load", str(extract), "--freeze", freeze)
    assert not LoadRun.objects.exists()


@pytest.mark.rule("DQ-002")
def test_a_run_that_is_refused_tells_so_in_its_object_and_fails(extract):
    lines = [write_line("06", child(number)["06"]) for number in range(1, 100)]
    (extract / "legser.dat").write_bytes(enclose([lines[0][:-1], *lines[1:]]))
    out = StringIO()
    with pytest.raises(CommandError, match="more than 0.1 %"):
        call_command("rollover", "load", str(extract), "--json", stdout=out)
    assert "more than 0.1 %" in json.loads(out.getvalue())["refused"]


def test_what_is_refused_before_there_is_a_run_is_told_as_an_object_too(extract):
    out = StringIO()
    with pytest.raises(CommandError, match="before the freeze"):
        call_command("rollover", "load", str(extract), "--freeze", "2022-08-01", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert (told["run"], "before the freeze" in told["refused"]) == (None, True)


def test_an_extract_without_records_is_accounted_for_too(extract):
    (extract / "legser.dat").write_bytes(write_extract([]))
    given = printed(extract)
    assert given["types"]["01"]["extracted"] == 0
    assert LoadRun.objects.get().state == RunState.DONE


def test_an_interrupted_run_goes_on(extract):
    call_command("load_places", str(extract / "reference"), stdout=StringIO())
    with scope.system():
        run = start_rollover(by=None, state=State.objects.get(), path=extract)
    LoadRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
    out = StringIO()
    call_command("rollover", "load", "--resume", str(run.pk), stdout=out)
    assert "every record is accounted for." in out.getvalue()


def test_a_path_where_nothing_is_says_how_to_name_one():
    with pytest.raises(CommandError, match="manage.py rollover load PATH"):
        call_command("rollover", "load", "/nowhere")
