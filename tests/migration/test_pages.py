"""The pages of the rollover, as a state administrator sees them, and nobody else."""

import csv
import io
from zipfile import ZipFile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse

from documents.models import Document
from jobs import actions as jobs
from journal.models import Entry
from migration.actions import roll_over
from migration.forms import transferred
from migration.models import LoadRun, RunState
from migration.sample import child, sample, staff, write_extract, write_sample
from organizations.models import District, Site, SiteAffiliation, SiteKind
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests.factories import DistrictFactory, UserFactory
from tests.migration.conftest import places, run_over, start

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path):
    write_sample(tmp_path)
    return tmp_path


@pytest.fixture
def administrator(browse):
    return browse(UserFactory(role=Role.SEA_ADMINISTRATOR))


@pytest.fixture
def queued(monkeypatch, django_capture_on_commit_callbacks):
    """The jobs that were handed to a worker."""
    handed: list[int] = []
    monkeypatch.setattr(jobs, "_send", lambda job: handed.append(job.pk))
    return handed


def upload(client, content: bytes, capture):
    with capture(execute=True):
        return client.post(
            reverse("migration:runs"), {"file": SimpleUploadedFile("legser.dat", content)}, follow=True
        )


def test_an_uploaded_extract_becomes_a_run_that_a_worker_takes(
    administrator, folder, queued, django_capture_on_commit_callbacks
):
    places(folder)
    answer = upload(administrator, sample().content, django_capture_on_commit_callbacks)
    run = LoadRun.objects.get()
    assert answer.redirect_chain == [(reverse("migration:run", args=[run.pk]), 302)]
    assert queued == [run.job_id]
    assert Document.objects.get().sha256 == run.sha256
    assert "Waiting for a worker" in answer.content.decode()


def test_a_wrong_file_is_refused_beside_its_field_and_starts_nothing(
    administrator, folder, queued, django_capture_on_commit_callbacks
):
    places(folder)
    answer = upload(administrator, b"name,grade\r\n", django_capture_on_commit_callbacks)
    assert answer.status_code == 400
    assert "looks like a CSV" in answer.content.decode()
    assert not LoadRun.objects.exists()
    assert not Document.objects.exists()
    assert queued == []


@pytest.fixture
def checked(administrator, folder, queued, django_capture_on_commit_callbacks) -> LoadRun:
    """A dry run over a ZIP that was uploaded to be checked only."""
    places(folder)
    packed = io.BytesIO()
    with ZipFile(packed, "w") as archive:
        archive.writestr("legacy/legser.dat", sample().content)
    sent = {"file": SimpleUploadedFile("legacy.zip", packed.getvalue()), "dry_run": "on"}
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(reverse("migration:runs"), sent)
    run = LoadRun.objects.get()
    roll_over(run.pk)
    return LoadRun.objects.get()


def test_a_zip_is_checked_without_loading_then_loaded_from_the_page_of_its_check(
    administrator, checked, queued, django_capture_on_commit_callbacks
):
    page = administrator.get(reverse("migration:run", args=[checked.pk])).content.decode()
    assert "Nothing was loaded. The numbers below are what a load would give." in page
    with scope.system():
        assert not Student.objects.exists()
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(reverse("migration:load_checked", args=[checked.pk]))
    loading = LoadRun.objects.first()
    assert (loading.dry_run, loading.sha256, queued[-1]) == (False, checked.sha256, loading.job_id)
    roll_over(loading.pk)
    with scope.system():
        assert Student.objects.count() == 38


def test_only_what_was_checked_is_loaded_that_way(administrator, folder, queued):
    run = run_over(folder / "legser.dat", places(folder))
    answer = administrator.post(reverse("migration:load_checked", args=[run.pk]), follow=True)
    assert "Only what a dry run has checked is loaded from here." in answer.content.decode()
    assert LoadRun.objects.count() == 1


def test_where_nothing_is_listed_the_page_says_why(administrator, folder):
    run = run_over(folder / "legser.dat", places(folder))
    address = reverse("migration:vanished", args=[run.pk])
    assert "Every record that an earlier extract brought is in this one too." in shown(administrator, address)
    assert "Show every row" in shown(administrator, f"{address}?type=08")


def shown(client, address: str) -> str:
    return client.get(address).content.decode()


def test_what_a_later_extract_lacks_is_named_on_the_page_and_listed(administrator, folder):
    state = places(folder)
    run_over(folder / "legser.dat", state)
    (folder / "later.dat").write_bytes(write_extract([*child(20).items(), staff()]))
    later = run_over(folder / "later.dat", state)
    page = administrator.get(reverse("migration:run", args=[later.pk])).content.decode()
    address = reverse("migration:vanished", args=[later.pk])
    assert "that an earlier one brought.</strong>" in page
    assert address in page
    listed = administrator.get(address, {"type": "08"}).content.decode()
    assert "000020021" in listed
    assert "not in the later extract" in listed
    assert "000020020" not in listed


def test_the_extracts_of_the_transfer_folder_are_files_zips_and_folders(folder, settings):
    settings.ROLLOVER_FOLDER = folder
    (folder / "whole" / "csv").mkdir(parents=True)
    (folder / "else").mkdir()
    (folder / "packed.zip").write_bytes(b"PK")
    assert transferred() == ["legser.dat", "packed.zip", "whole"]


def test_an_extract_of_the_transfer_folder_can_be_chosen(
    administrator, folder, settings, queued, django_capture_on_commit_callbacks
):
    settings.ROLLOVER_FOLDER = folder
    places(folder)
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(reverse("migration:runs"), {"in_folder": "legser.dat"})
    assert queued == [LoadRun.objects.get().job_id]


def test_no_file_at_all_is_asked_for(administrator, folder):
    places(folder)
    answer = administrator.post(reverse("migration:runs"), {})
    assert answer.status_code == 400
    assert "Choose one file" in answer.content.decode()


def test_without_places_the_page_says_what_to_load_first(
    administrator, queued, django_capture_on_commit_callbacks
):
    answer = upload(administrator, sample().content, django_capture_on_commit_callbacks)
    assert "load_places" in answer.content.decode()


@pytest.mark.rule("RLO-14")
def test_the_page_of_a_run_accounts_for_every_record(administrator, folder):
    run = run_over(folder / "legser.dat", places(folder))
    page = administrator.get(reverse("migration:run", args=[run.pk])).content.decode()
    assert "Every record accounted for" in page
    assert "every record is accounted for" in page
    assert "Go-live is blocked." in page  # one LASID is not ten digits
    assert "LASID is not ten digits (DQ-010)" in page
    assert f"{reverse('migration:cases')}?severity=fatal&amp;state=OPEN" in page
    assert "Cypress Parish" in page  # and not only its code
    assert f"{reverse('migration:rejected', args=[run.pk])}?type=01" in page
    assert f"{reverse('migration:findings', args=[run.pk])}?rule=DQ-052" in page


def test_control_totals_stand_below_their_own_headings(administrator, folder):
    run = run_over(folder / "legser.dat", places(folder))
    page = administrator.get(reverse("migration:run", args=[run.pk]))
    assert list(page.context["measures"])[:3] == ["active students", "official IEPs", "drafts"]
    (row,) = [numbers for code, _, numbers in page.context["totals"] if code == "911"]
    assert [number["live"] for _, number in row] == [36, 34, 2, 35, 1]


def test_each_number_opens_its_rows(administrator, folder):
    run = run_over(folder / "legser.dat", places(folder))
    rejected = administrator.get(
        reverse("migration:rejected", args=[run.pk]), {"type": "04"}
    ).content.decode()
    assert "000010001" in rejected
    assert "the record it belongs to: DQ-010" in rejected
    found = administrator.get(
        reverse("migration:findings", args=[run.pk]), {"rule": "DQ-014"}
    ).content.decode()
    assert "GRADE K" in found
    assert "Choose the grade from the code set" in found


def test_the_reconciliation_downloads_as_csv(administrator, folder):
    run = run_over(folder / "legser.dat", places(folder))
    answer = administrator.get(reverse("migration:reconciliation_csv", args=[run.pk]))
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert ["01", "Students", "40", "38", "1", "1", "0"] in rows
    assert ["911", "drafts", "2", "2", "2"] in rows
    assert ["DQ-010", "fatal", "LASID is not ten digits", "1"] in rows


def test_progress_asks_again_until_the_run_is_over(administrator, folder):
    run = start(folder / "legser.dat", places(folder))
    waiting = administrator.get(reverse("migration:progress", args=[run.pk]))
    assert 'data-hx-trigger="every 2s"' in waiting.content.decode()
    roll_over(run.pk)
    over = administrator.get(reverse("migration:progress", args=[run.pk]))
    assert over.headers["HX-Refresh"] == "true"


def test_an_interrupted_run_goes_on_at_the_press_of_a_button(
    administrator, folder, queued, django_capture_on_commit_callbacks
):
    run = start(folder / "legser.dat", places(folder))
    LoadRun.objects.filter(pk=run.pk).update(state=RunState.FAILED)
    with django_capture_on_commit_callbacks(execute=True):
        administrator.post(reverse("migration:go_on", args=[run.pk]))
    assert queued == [run.job_id]
    assert Entry.objects.filter(kind="ROLLOVER_RESUMED").count() == 1


def test_a_run_that_is_over_does_not_go_on(administrator, folder, queued, django_capture_on_commit_callbacks):
    run = run_over(folder / "legser.dat", places(folder))
    with django_capture_on_commit_callbacks(execute=True):
        answer = administrator.post(reverse("migration:go_on", args=[run.pk]), follow=True)
    assert "This run is over" in answer.content.decode()
    assert queued == []


@pytest.mark.parametrize("role", [role for role in Role if role != Role.SEA_ADMINISTRATOR])
def test_nobody_but_a_state_administrator_runs_the_rollover(browse, folder, role):
    run = start(folder / "legser.dat", places(folder))
    client = browse(UserFactory(role=role, role__district=DistrictFactory()))
    for name in ("run", "progress", "rejected", "findings", "vanished", "reconciliation_csv"):
        assert client.get(reverse(f"migration:{name}", args=[run.pk])).status_code == 403
    assert client.post(reverse("migration:go_on", args=[run.pk])).status_code == 403
    assert client.post(reverse("migration:load_checked", args=[run.pk])).status_code == 403
    assert client.post(reverse("migration:runs"), {}).status_code == 403


def test_the_commands_load_places_and_extract_and_print_the_account(db, folder, capsys):
    call_command("load_places", str(folder))
    call_command("rollover", "load", str(folder / "legser.dat"))
    printed = capsys.readouterr().out
    assert "Louisiana: 2 districts, 4 sites." in printed
    assert "every record is accounted for." in printed


def test_the_command_refuses_in_words(folder):
    with pytest.raises(CommandError, match="The places are not loaded yet"):
        call_command("rollover", "load", str(folder / "legser.dat"))
    (folder / "list.dat").write_bytes(b"a,b")
    call_command("load_places", str(folder))
    with pytest.raises(CommandError, match="looks like a CSV"):
        call_command("rollover", "load", str(folder / "list.dat"))


def test_places_know_who_oversees_and_who_is_nonpublic(folder):
    places(folder)
    academy = Site.objects.get(code="591001")
    assert (academy.kind, academy.district) == (SiteKind.NONPUBLIC, None)
    assert SiteAffiliation.objects.get().district == District.objects.get(code="911")
    places(folder)
    assert Site.objects.count() == 4
