"""A full disk stops a run with a sentence; with room again it goes on, and nothing is lost or doubled.

The disk of the database: see test_killed_fifty_times.py, which has a cluster of its own.
"""

import json
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from migration.models import LegacyAttachment, LoadRun, RunState
from migration.sample import child, staff, write_extract, write_sample
from migration.troubles import FULL_FILES
from security import scope
from tests.migration.conftest import places
from tests.migration.test_files_and_users import PDF, line_of

pytestmark = pytest.mark.django_db
LONG = PDF + bytes(300_000)


@contextmanager
def room_for(size: int) -> Iterator[None]:
    """No file of this process grows longer: the kernel refuses the write, as that of a full disk does."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_file_that_finds_no_room_stops_the_run_until_there_is(tmp_path: Path, settings, capsys):
    settings.MEDIA_ROOT = tmp_path / "media"
    write_sample(tmp_path)
    (tmp_path / "attachments").mkdir()
    (tmp_path / "attachments" / "report.pdf").write_bytes(LONG)
    records = [*child(21).items(), line_of("report.pdf", LONG), staff()]
    (tmp_path / "legser.dat").write_bytes(write_extract(records))
    places(tmp_path)

    with room_for(100_000), pytest.raises(CommandError, match="files is full.*rollover load --resume"):
        call_command("rollover", "load", str(tmp_path), "--json")

    run = LoadRun.objects.get()
    told = json.loads(capsys.readouterr().out)
    assert (told["run"], told["refused"].startswith(FULL_FILES)) == (run.pk, True)
    assert (run.state, run.sentence) == (RunState.FAILED, FULL_FILES)
    call_command("rollover", "load", "--resume", str(run.pk))
    run.refresh_from_db()
    assert run.state == RunState.DONE
    assert run.sentence.startswith("13 records migrated")
    with scope.system():
        document = LegacyAttachment.objects.select_related("document").get().document
    with document.file.open("rb") as stored:
        assert stored.read() == LONG
    assert not list(Path(default_storage.path("documents/legacy")).glob("*/*.making"))
