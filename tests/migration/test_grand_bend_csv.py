"""The CSV twin of Grand Bend by the command line, checked first and then loaded, against the answer key."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command

from documents.models import Document
from ieps.models import Iep, Line, SectionText
from migration.archive.pack import unpacked
from migration.models import ArchivedStudent, LegacyAttachment, LegacyUser, LoadRun
from organizations.models import District, Site
from security import scope
from security.models import Assignment, User
from students.models import Student
from tests.database import database

FREEZE = "2022-07-24T23:59:00"


@pytest.fixture(scope="module")
def given(django_db_setup, django_db_blocker, worker_id: str, grand_bend: Path, tmp_path_factory) -> Iterator:
    """What the command prints of a dry run over a ZIP of the twin, and of the load that follows."""
    packed = zipped(grand_bend, tmp_path_factory.mktemp("twin") / "twin.zip")
    with django_db_blocker.unblock(), database(f"test_eser_{worker_id}_twin"):
        checked = printed(packed, "--dry-run")
        with scope.system():
            nothing = not Student.objects.exists() and not ArchivedStudent.objects.exists()
        yield checked, nothing, printed(packed)


@pytest.fixture(autouse=True)
def _everything(given) -> Iterator[None]:
    with scope.system():
        yield


def zipped(folder: Path, path: Path) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        for part in ("csv", "attachments", "reference"):
            for file in sorted((folder / part).iterdir()):
                archive.write(file, f"grand-bend/{part}/{file.name}")
    return path


def printed(path: Path, *options: str) -> dict:
    out = StringIO()
    call_command("rollover", "load", str(path), "--freeze", FREEZE, "--json", *options, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def expected(answers: dict) -> dict:
    """The key of the twin, in which no line has a wrong length."""
    return {
        "types": answers["csv_twin"],
        **{name: answers[name] for name in ("drafts", "continuity", "archived_students")},
        "findings": {rule: sorted(keys) for rule, keys in answers["findings"].items()} | {"DQ-002": []},
    }


@pytest.mark.rule("RLO-06")
@pytest.mark.rule("RLO-14")
def test_the_twin_gives_what_its_key_says(given, answers):
    loaded = {name: value for name, value in given[2].items() if name != "run"}
    assert loaded == expected(answers)


def test_a_dry_run_tells_the_same_and_loads_nothing(given, answers):
    checked, nothing, _ = given
    assert {name: value for name, value in checked.items() if name != "run"} == expected(answers)
    assert nothing
    assert LoadRun.objects.get(pk=checked["run"]).sentence.startswith("Checked, nothing was loaded")


def test_places_are_made_from_the_reference_files(given):
    assert sorted(District.objects.values_list("code", flat=True)) == ["901", "902"]
    assert Site.objects.count() == 10


@pytest.mark.rule("DQ-080")
def test_files_are_documents_of_their_children_and_what_is_wrong_with_others_is_said(given, answers):
    flagged = LegacyAttachment.objects.filter(legacy_key__in=answers["findings"]["DQ-080"])
    assert set(flagged.values_list("document", flat=True)) == {None}
    assert sorted(flagged.values_list("problem", flat=True)) == [
        "the file is empty",
        "the file is no PDF, Word (docx), JPEG or PNG file",
        "the file is not in the transfer",
        "the file is not the listed one (its SHA-256 differs)",
    ]
    attached = LegacyAttachment.objects.exclude(document=None).select_related("document")
    assert attached.count() == answers["csv_twin"]["12"]["migrated"] - 4
    assert all(row.document.student_id == row.student_id for row in attached)


def test_the_bytes_of_a_file_are_those_of_the_index(given, grand_bend):
    document = Document.objects.get(name="000604846_1_signature_page.png")
    content = (grand_bend / "attachments" / document.name).read_bytes()
    with document.file.open("rb") as stored:
        assert stored.read() == content
    assert document.content_type == "image/png"


def test_the_file_of_an_archived_line_is_kept_too(given):
    packs = [unpacked(child.pack) for child in ArchivedStudent.objects.all()]
    kept = [row.data["stored_name"] for pack in packs for row in pack if row.record_type == "12"]
    assert len(kept) == 15
    assert all(default_storage.exists(name) for name in kept)


@pytest.mark.rule("DQ-090")
@pytest.mark.rule("RLO-20")
def test_legacy_users_are_a_list_and_nobody_has_a_permission(given, answers):
    assert LegacyUser.objects.count() == 50
    unlinked = LegacyUser.objects.filter(unlinked=True).values_list("legacy_key", flat=True)
    assert sorted(unlinked) == sorted(answers["findings"]["DQ-090"])
    assert not User.objects.exists()
    assert not Assignment.objects.exists()


def test_goals_and_services_stand_in_the_form_of_the_iep(given):
    iep = Iep.objects.get(legacy_key="000000601")
    plan = Line.objects.get(iep=iep, section="INS", legacy_key="000000601|01")
    texts = dict(SectionText.objects.filter(iep=iep).values_list("field", "text"))
    assert texts[f"{plan.pk}.area"] == "WRIT"
    assert texts[f"{plan.pk}.goal"].startswith("With a plan and a frame, Jackie will write a paragraph")
    assert texts[f"{plan.pk}.target_date"] == "2022-11-07"
    served = Line.objects.get(iep=iep, section="PRG", table="services", legacy_key="000000601|A|SEI")
    cells = [texts[f"{served.pk}.{name}"] for name in ("service", "minutes", "sessions", "per", "location")]
    assert cells == ["SEI", "30", "5", "W", "REG"]
    assert (texts["time_frame_first"], texts["time_frame_last"]) == ("2021-11-19", "2022-11-11")
