"""What is wrong with an attached file (DQ-080), and who of the legacy users has no staff ID (DQ-090)."""

import hashlib
from collections.abc import Iterator

import pytest

from migration.models import Finding, LegacyAttachment, LegacyUser, LoadRun
from migration.sample import Record, child, staff, write_extract, write_sample
from security import scope
from tests.database import database
from tests.migration.conftest import places, run_over

PDF, PNG = b"%PDF-1.4\n%%EOF\n", b"\x89PNG\r\n\x1a\n rest"
# File name, what is in the transfer, what the index was made of, and whether the rule finds something.
FILES = [
    ("report.pdf", PDF, PDF, False),
    ("REPORT.PDF", PDF, PDF, False),
    ("page.png", PNG, PNG, False),
    ("scan.jpeg", b"\xff\xd8\xff\xe0", b"\xff\xd8\xff\xe0", False),
    ("notes.docx", b"PK\x03\x04 word", b"PK\x03\x04 word", False),
    ("missing.pdf", None, PDF, True),
    ("empty.pdf", b"", b"", True),
    ("changed.pdf", PDF + b"more", PDF, True),
    ("viewer.exe", b"MZ", b"MZ", True),
    ("viewer.pdf", b"MZ", b"MZ", True),
    ("letter.txt", b"Dear parent", b"Dear parent", True),
    ("sheet.xlsx", b"PK\x03\x04 sheet", b"PK\x03\x04 sheet", True),
    ("../outside.pdf", PDF, PDF, True),
]
# User ID, staff ID, and whether the rule finds something.
USERS = [
    ("91100101", "9110010001", False),
    ("91100102", "", True),
    ("91100103", "9110010003", True),
    ("91100104", "9110010003", True),
]


def line_of(name: str, content: bytes, number: int = 21) -> Record:
    digest = hashlib.sha256(content).hexdigest()
    upper = digest.upper() if name == "REPORT.PDF" else digest
    return "12", {
        "SER_STUDENT_KEY": child(number)["01"]["SER_STUDENT_KEY"], "FILE_NAME": name,
        "DESCRIPTION": "Uploaded", "UPLOAD_DATE": "03102022", "SHA256": upper,
    }  # fmt: skip


@pytest.fixture(scope="module")
def run(django_db_setup, django_db_blocker, worker_id: str, tmp_path_factory) -> Iterator[LoadRun]:
    folder = tmp_path_factory.mktemp("files")
    write_sample(folder)
    (folder / "attachments").mkdir()
    for name, content, *_ in FILES:
        if content is not None:
            (folder / "attachments" / name).write_bytes(content)
    users = [("13", staff()[1] | {"USER_ID": user, "STAFF_ID": known}) for user, known, _ in USERS]
    lines = [line_of(name, content) for name, _, content, _ in FILES]
    (folder / "legser.dat").write_bytes(write_extract([*child(21).items(), *lines, *users]))
    with django_db_blocker.unblock(), database(f"test_eser_{worker_id}_files"), scope.system():
        yield run_over(folder / "legser.dat", places(folder))


@pytest.mark.rule("DQ-080")
@pytest.mark.parametrize(("name", "found"), [(name, found) for name, _, _, found in FILES])
def test_a_file_that_cannot_be_loaded_is_flagged_and_its_line_stays(run, name, found):
    key = f"{child(21)['01']['SER_STUDENT_KEY']}|{name}"
    assert Finding.objects.filter(run=run, rule="DQ-080", key=key).exists() == found
    attachment = LegacyAttachment.objects.get(file_name=name)
    assert (attachment.document is None) == found == bool(attachment.problem)


@pytest.mark.rule("DQ-090")
@pytest.mark.parametrize(("user", "found"), [(user, found) for user, _, found in USERS])
def test_a_user_without_a_staff_id_of_their_own_is_named(run, user, found):
    assert Finding.objects.filter(run=run, rule="DQ-090", key=user).exists() == found
    listed = LegacyUser.objects.get(legacy_key=user)
    assert (listed.unlinked, listed.district.code) == (found, "911")


def test_every_line_is_accounted_for(run):
    assert run.record_counts.get(record_type="12").migrated == len(FILES)
    assert run.record_counts.get(record_type="13").migrated == len(USERS)
