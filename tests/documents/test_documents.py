"""Stored files: checked, hashed, private."""

import hashlib
import io
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone

from documents import actions
from documents.models import Document
from documents.rules import FileRefused, type_of
from security import scope
from security.models import AccessRecord
from security.rules.roles import Role
from tests import factories as make


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def zipped() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a", "b")
    return target.getvalue()


PDF, PNG, JPG = b"%PDF-1.7\n...", b"\x89PNG\r\n\x1a\n...", b"\xff\xd8\xff\xe0..."


@pytest.mark.parametrize(
    ("name", "head"),
    [
        ("letter.pdf", PDF),
        ("LETTER.PDF", PDF),
        ("scan.png", PNG),
        ("scan.jpeg", JPG),
        ("scan.jpg", JPG),
        ("notice.docx", zipped()),
        ("list.xlsx", zipped()),
        ("all.zip", zipped()),
        ("list.csv", "é,ñ\n".encode()),
        ("extract.dat", b"01STUDENT   "),
        ("latin.txt", "é".encode("latin-1")),
    ],
)
def test_a_file_whose_inside_agrees_with_its_name_is_taken(name, head):
    assert type_of(name, head).content_type


@pytest.mark.parametrize(
    ("name", "head", "sentence"),
    [
        ("letter.pdf", PNG, "something else"),
        ("letter.pdf", b"<html>", "something else"),
        ("scan.png", JPG, "something else"),
        ("list.csv", zipped(), "something else"),
        ("list.csv", PDF, "something else"),
        ("list.csv", b"a\0b", "something else"),
        ("notice.docx", b"\xd0\xcf\x11\xe0", "something else"),
        ("run.exe", b"MZ", "not taken"),
        ("page.html", b"<html>", "not taken"),
        ("picture.svg", b"<svg>", "not taken"),
        ("letter.pdf.exe", PDF, "not taken"),
        ("letter", PDF, "not taken"),
        ("letter.pdf", b"", "empty"),
    ],
)
def test_anything_else_is_refused_with_a_sentence(name, head, sentence):
    with pytest.raises(FileRefused, match=sentence):
        type_of(name, head)


def file_of(content: bytes, name: str) -> ContentFile:
    return ContentFile(content, name)


def test_a_file_is_kept_under_a_name_that_says_nothing(db, tmp_path):
    document = actions.store(file_of(PDF, "../Jules Fontenot.pdf"), "letter", None)
    kept = Path(document.file.path)
    assert document.name == "Jules Fontenot.pdf"
    assert "Fontenot" not in str(kept)
    assert kept.is_relative_to(tmp_path)
    assert kept.read_bytes() == PDF
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()


@pytest.mark.parametrize(("kind", "taken"), [("letter", False), ("extract", True)])
def test_an_extract_may_be_larger_than_a_letter(kind, taken, db, settings):
    settings.ESER_DOCUMENT_LIMIT = 10
    if taken:
        assert actions.store(file_of(b"x" * 11, "a.txt"), kind, None).size == 11
    else:
        with pytest.raises(FileRefused, match="at most"):
            actions.store(file_of(b"x" * 11, "a.txt"), kind, None)
        assert not Document.objects.exists()


def supervisor_of(district):
    return make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=district)


def test_the_owner_gets_the_file_as_an_attachment(browse):
    me = supervisor_of(make.DistrictFactory())
    document = actions.store(file_of(PDF, "list.pdf"), "export", me.pk)
    answer = browse(me).get(f"/documents/{document.pk}/")
    assert b"".join(answer.streaming_content) == PDF
    assert answer["Content-Disposition"] == 'attachment; filename="list.pdf"'
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_nobody_else_gets_a_file_about_no_child(browse, client):
    mine = make.DistrictFactory()
    document = actions.store(file_of(PDF, "list.pdf"), "export", supervisor_of(mine).pk)
    assert browse(supervisor_of(mine)).get(f"/documents/{document.pk}/").status_code == 404
    assert client.get(f"/documents/{document.pk}/").status_code == 302


def test_a_childs_file_is_for_those_who_see_the_child_and_each_opening_is_recorded(browse):
    mine, theirs = make.DistrictFactory(), make.DistrictFactory()
    child = make.StudentFactory(district=mine)
    with scope.system():
        document = actions.store(
            file_of(PDF, "a.pdf"), "letter", None, student_id=child.pk, district_id=mine.pk
        )
    me = supervisor_of(mine)
    assert browse(supervisor_of(theirs)).get(f"/documents/{document.pk}/").status_code == 404
    assert browse(me).get(f"/documents/{document.pk}/").status_code == 200
    with scope.system():
        assert list(AccessRecord.objects.values_list("user_id", "student_id", "what")) == [
            (me.pk, child.pk, "file: letter")
        ]


def test_an_expired_file_is_gone_and_the_page_says_what_to_do(browse):
    me = supervisor_of(make.DistrictFactory())
    yesterday = timezone.localdate() - timedelta(days=1)
    old = actions.store(file_of(PDF, "old.pdf"), "export", me.pk, keep_until=yesterday)
    fresh = actions.store(file_of(PDF, "new.pdf"), "export", me.pk, keep_until=timezone.localdate())
    assert actions.remove_expired() == 1
    assert not Path(old.file.path).exists()
    assert Path(fresh.file.path).exists()
    answer = browse(me).get(f"/documents/{old.pk}/")
    assert answer.status_code == 410
    assert "Make it again" in answer.content.decode()


def test_the_clock_never_removes_a_childs_file(db):
    mine = make.DistrictFactory()
    child = make.StudentFactory(district=mine)
    yesterday = timezone.localdate() - timedelta(days=1)
    with scope.system():
        kept = actions.store(
            file_of(PDF, "a.pdf"),
            "letter",
            None,
            student_id=child.pk,
            district_id=mine.pk,
            keep_until=yesterday,
        )
        assert actions.remove_expired() == 0
    assert Path(kept.file.path).exists()
