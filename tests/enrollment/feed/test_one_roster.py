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


def test_an_enrollment_of_a_person_who_is_not_in_the_file_is_refused(dc, look, errors_of):
    lines = FILES["enrollments.csv"].replace("u2", "u9")
    found = look(zipped(dc, **{"enrollments.csv": lines}), name="feed.zip")
    assert "state_student_id is empty." in errors_of(found)[4]
