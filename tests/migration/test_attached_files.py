"""A file that the legacy system had attached is among the documents of its child."""

import pytest
from django.urls import reverse

from migration import attachments
from migration.models import LegacyAttachment, RunState
from migration.sample import child, staff, write_extract, write_sample
from organizations.models import District
from security import scope
from security.rules.roles import Role
from students.models import Student
from tests.factories import UserFactory
from tests.migration.conftest import places, run_over
from tests.migration.test_files_and_users import PDF, line_of

pytestmark = pytest.mark.django_db
PAGE = b"%PDF-1.4 another\n%%EOF\n"


@pytest.fixture
def load(tmp_path):
    """Loads an extract whose one child has one file with this content."""
    write_sample(tmp_path)
    state = places(tmp_path)
    (tmp_path / "attachments").mkdir()

    def loads(content: bytes) -> LegacyAttachment:
        (tmp_path / "attachments" / "report.pdf").write_bytes(content)
        records = [*child(21).items(), line_of("report.pdf", content), staff()]
        (tmp_path / "legser.dat").write_bytes(write_extract(records))
        run_over(tmp_path / "legser.dat", state)
        with scope.system():
            return LegacyAttachment.objects.select_related("document").get()

    return loads


def test_its_district_opens_it_from_the_record_of_the_child_and_another_one_does_not(load, browse):
    attached = load(PDF)
    mine, other = (District.objects.get(code=code) for code in ("911", "912"))
    client = browse(UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    with scope.system():
        student = Student.objects.get()
    address = reverse("documents:download", args=[attached.document_id])
    record = client.get(f"/students/{student.pk}/", {"tab": "documents"}).content.decode()
    assert f'href="{address}"' in record
    assert b"".join(client.get(address).streaming_content) == PDF
    stranger = browse(UserFactory(role=Role.DATA_MANAGER, role__district=other))
    assert stranger.get(address).status_code == 404


@pytest.mark.rule("DQ-080")
def test_a_file_that_changes_while_it_is_loaded_is_not_kept_for_the_listed_one(
    tmp_path, settings, monkeypatch
):
    settings.MEDIA_ROOT = tmp_path / "media"
    write_sample(tmp_path)
    report = tmp_path / "attachments" / "report.pdf"
    report.parent.mkdir()
    report.write_bytes(PDF)
    records = [*child(21).items(), line_of("report.pdf", PDF), staff()]
    (tmp_path / "legser.dat").write_bytes(write_extract(records))
    looks = attachments.look
    monkeypatch.setattr(attachments, "look", lambda *args: (looks(*args), report.write_bytes(PAGE)))

    run = run_over(tmp_path / "legser.dat", places(tmp_path))

    assert (run.state, run.sentence[:23]) == (RunState.REFUSED, "An attached file change")
    with scope.system():
        assert not LegacyAttachment.objects.exists()
    assert not [file for file in settings.MEDIA_ROOT.rglob("*") if file.is_file()]


def test_a_file_that_changed_in_a_later_extract_is_the_newer_one_and_the_older_one_stays(load):
    first, second = load(PDF), load(PAGE)
    assert second.pk == first.pk
    for attached, content in ((first, PDF), (second, PAGE)):
        with attached.document.file.open("rb") as stored:
            assert stored.read() == content
