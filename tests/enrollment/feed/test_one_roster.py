"""The same children as OneRoster 1.2 CSV."""

import io
import zipfile

import pytest

from enrollment.models import Enrollment, FeedState
from security import scope

pytestmark = pytest.mark.django_db

FILES = {
    "orgs.csv": "sourcedId,status,name,type,identifier\no1,active,Lakeside,school,{school}\n",
    "users.csv": (
        "sourcedId,status,username,identifier,givenName,familyName,middleName,grades\n"
        "u1,active,77,4100000001,Jules,Fontenot,,06\n"
        "u2,active,78,4100000002,Mona,Guidry,,07\n"
    ),
    "enrollments.csv": (
        "sourcedId,status,schoolSourcedId,userSourcedId,role,beginDate,endDate,"
        "metadata.entryCode,metadata.exitCode,metadata.firstAttended,metadata.lastAttended\n"
        "e1,active,o1,u1,student,2026-08-10,,1880,,2026-08-10,\n"
        "e2,active,o1,u1,student,2026-08-24,,1880,,2026-08-10,\n"
        "e3,active,o1,u2,student,2026-08-10,2026-09-04,1880,1943,2026-08-10,2026-09-04\n"
        "e4,active,o1,t1,teacher,2026-08-10,,,,,\n"
    ),
    "demographics.csv": "sourcedId,birthDate,sex\nu1,2015-03-12,male\nu2,2014-01-05,female\n",
}


def zipped(dc, **instead) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, text in {**FILES, **instead}.items():
            if text:
                archive.writestr(name, text.format(school=dc.school.code))
    return packed.getvalue()


def test_classes_of_one_school_are_one_enrollment(dc, load):
    found = load(zipped(dc), name="feed.zip")
    assert (found.layout, found.counts["new"]) == ("OneRoster", 2)
    with scope.system():
        rows = Enrollment.objects.order_by("student__state_student_id")
        told = [(row.student.first_name, str(row.first_day), row.exit_code, row.grade) for row in rows]
    assert told == [("Jules", "2026-08-10", "", "06"), ("Mona", "2026-08-10", "1943", "07")]


@pytest.mark.parametrize(
    ("instead", "words"),
    [
        ({"demographics.csv": ""}, "The ZIP file lacks demographics.csv."),
        ({"users.csv": "sourcedId\nu1\n"}, "The first line of users.csv lacks identifier, givenName"),
    ],
)
def test_a_missing_part_refuses_the_file(dc, look, instead, words):
    found = look(zipped(dc, **instead), name="feed.zip")
    assert found.state == FeedState.REFUSED
    assert found.why.startswith(words)


def encrypted(content: bytes) -> bytes:
    """Every part with the bit that says so (APPNOTE 4.4.4), which is all that a reader looks at."""
    whole = bytearray(content)
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            whole[at + flags] |= 1
    return bytes(whole)


def squeezed(content: bytes) -> bytes:
    """Every part said to be packed by a method that nobody knows."""
    whole = bytearray(content)
    for signature, method in ((b"PK\x03\x04", 8), (b"PK\x01\x02", 10)):
        at = -1
        while (at := content.find(signature, at + 1)) >= 0:
            whole[at + method] = 99
    return bytes(whole)


def flipped(content: bytes) -> bytes:
    """One sign of the first file is another one: its checksum no longer holds."""
    return content.replace(b"Lakeside", b"Lakesidf", 1)


@pytest.mark.parametrize(
    ("harm", "words"),
    [(encrypted, "protected by a password"), (squeezed, "packed in a way"), (flipped, "was cut or damaged")],
)
def test_a_zip_file_that_cannot_be_unpacked_says_why(dc, look, harm, words):
    found = look(harm(zipped(dc)), name="feed.zip")
    assert found.state == FeedState.REFUSED
    assert words in found.why


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('u3,active,79,"4100000003,Ida,Landry,,06\n', "users.csv: a quotation mark is opened"),
        (f"u3,active,79,4100000003,{'I' * 140_000},Landry,,06\n", "users.csv: a quotation mark is opened"),
    ],
)
def test_a_part_that_is_no_whole_csv_says_why(dc, look, line, words):
    found = look(zipped(dc, **{"users.csv": FILES["users.csv"] + line}), name="feed.zip")
    assert found.state == FeedState.REFUSED
    assert words in found.why


def test_a_zip_file_that_unpacks_to_very_much_is_not_unpacked(dc, look):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in FILES.items():
            archive.writestr(name, text + " " * 3_000_000)
    found = look(packed.getvalue(), name="feed.zip")
    assert found.state == FeedState.REFUSED
    assert "times as large" in found.why


def test_an_enrollment_of_a_person_who_is_not_in_the_file_is_refused(dc, look, errors_of):
    lines = FILES["enrollments.csv"].replace("u2", "u9")
    found = look(zipped(dc, **{"enrollments.csv": lines}), name="feed.zip")
    assert "state_student_id is empty." in errors_of(found)[4]


@pytest.mark.parametrize(
    ("name", "line", "words"),
    [
        ("users.csv", "u1,active,79,4100000009,Ida,Landry,,06\n", "users.csv, line 4: u1 stands for two."),
        ("demographics.csv", "u1,2001-03-12,male\n", "demographics.csv, line 4: u1 stands for two."),
        (
            "enrollments.csv",
            "e9,active,o1,u1,student,2026-0\n",
            "enrollments.csv, line 6: it has more or fewer",
        ),
        ("users.csv", "u3,active,79,4100000009,Ida,,Landry,,06\n", "users.csv, line 4: it has more or fewer"),
        ("demographics.csv", "u3,2015-03-1,f", "demographics.csv ends in the middle of a line"),
    ],
)
def test_a_part_that_was_cut_or_names_one_id_twice_is_refused(dc, look, name, line, words):
    found = look(zipped(dc, **{name: FILES[name] + line}), name="feed.zip")
    assert found.state == FeedState.REFUSED
    assert found.why.startswith(words)
