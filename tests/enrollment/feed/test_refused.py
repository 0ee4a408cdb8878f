"""What a feed does not take: a row with its sentence, or the file as a whole. Nothing is half-loaded."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from django.core.files.base import ContentFile

from enrollment.actions.feed import load_feed, send_feed, start_loading
from enrollment.models import Enrollment, FeedState
from enrollment.rules.feed import columns
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.enrollment.feed.conftest import JULES, written

pytestmark = pytest.mark.django_db
EXAMPLES = [
    pytest.param(row, id=row["case"], marks=[pytest.mark.rule(row["rule"])] if row["rule"] else [])
    for row in csv.DictReader((Path(__file__).parent / "refused.csv").open(encoding="utf-8"))
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_a_row_is_refused_with_its_sentence(example, feed, load, errors_of):
    other = {"state_student_id": "4100000002"}
    found = load(feed({example["column"]: example["value"]}, other))
    assert list(errors_of(found)) == [2]
    assert example["what_is_said"] in errors_of(found)[2]
    with scope.system():
        assert [child.state_student_id for child in Student.objects.all()] == ["4100000002"]


@pytest.mark.rule("CHECK-4")
def test_nobody_leaves_before_they_came(feed, look, errors_of):
    found = look(feed({"exit_code": "1941", "exit_date": "2026-08-09"}))
    assert errors_of(found) == {2: "The exit on 2026-08-09 is before the entry on 2026-08-10."}


@pytest.mark.rule("OSSE-R1.05")
def test_a_code_before_its_first_school_year(dc, feed, look, errors_of, year):
    year.first_day, year.last_day, year.name = date(2015, 7, 1), date(2016, 6, 30), "2015-16"
    with scope.system():
        year.save()
    found = look(feed({"entry_date": "2015-08-10", "birth_date": "2004-03-12"}))
    assert errors_of(found) == {2: "1880 is not valid before school year 2016-17."}


def test_one_id_for_two_children_refuses_both(feed, look, errors_of):
    found = look(feed({}, {"last_name": "Broussard"}, {"state_student_id": "4100000003"}))
    assert sorted(errors_of(found)) == [2, 3]
    assert "for two children" in errors_of(found)[2]


@pytest.mark.rule("CHECK-1")
def test_two_rows_of_one_child_at_one_school_do_not_overlap(feed, look, errors_of):
    found = look(feed({}, {"entry_date": "2026-09-01", "first_attended": "2026-09-01"}))
    assert errors_of(found) == {3: "It overlaps an earlier row of this child at this school."}


@pytest.mark.rule("CHECK-1")
def test_a_row_does_not_overlap_a_known_enrollment(dc, enrolled, feed, look, errors_of):
    known = enrolled(state_student_id="4100000001").student
    row = {"entry_date": "2026-09-01", "last_name": known.last_name}
    assert "is enrolled at this school from 2026-08-10 to today already" in errors_of(look(feed(row)))[2]


def test_lost_leading_zeros_of_an_id_are_told(dc, feed, look, errors_of):
    make.StudentFactory(state=dc.state, state_student_id="0041000077", district=dc.mine)
    found = look(feed({}, {"state_student_id": "41000077"}))
    assert "dropped its leading zeros. It may be 0041000077." in errors_of(found)[3]


def test_lost_leading_zeros_of_a_school_are_told(dc, feed, look, errors_of):
    found = look(feed({"school_code": dc.school.code.lstrip("0")}))
    assert f"dropped the leading zeros of {dc.school.code}?" in errors_of(found)[2]


@pytest.mark.rule("CHECK-21")
def test_a_school_of_another_district_is_refused(dc, feed, look, errors_of):
    found = look(feed({"school_code": dc.neighbour.code}))
    assert "belongs to another district" in errors_of(found)[2]


def test_a_child_of_another_district_waits_for_its_exit_there_and_is_not_shown(dc, feed, load, errors_of):
    child = make.StudentFactory(state=dc.state, state_student_id="4100000001", district=dc.theirs)
    make.EnrollmentFactory(student=child, district=dc.theirs, site=dc.neighbour)
    told = errors_of(load(feed({})))[2]
    assert told == f"{dc.theirs} still answers for this child: it must exit the child first."


def test_a_child_who_left_another_district_that_still_answers_waits_for_a_person(dc, feed, load, errors_of):
    """Prior written notice is still owed there (R5.08): nobody takes over without having said so."""
    child = make.StudentFactory(state=dc.state, state_student_id="4100000001", district=dc.theirs)
    make.EnrollmentFactory(
        student=child, district=dc.theirs, site=dc.neighbour, first_day=date(2025, 8, 11), exit_code="1962",
        last_day=date(2026, 6, 11),
    )  # fmt: skip
    told = errors_of(load(feed({"last_name": child.last_name, "birth_date": f"{child.birth_date}"})))[2]
    assert told.startswith(f"{dc.theirs} still answers for this child, who has left it: a person enters")


def test_the_number_of_another_child_is_refused(dc, enrolled, feed, look, errors_of):
    enrolled(state_student_id="4100000001", last_name="Guidry")
    assert "is the number of another child" in errors_of(look(feed({})))[2]


def header_of(*names):
    return (",".join(names) + "\r\n").encode()


WHOLE = {
    "a missing column": (
        header_of(*columns()[: columns().index("entry_code")]),
        "lacks entry_code, entry_date",
    ),
    "a column that stands twice": (header_of(*columns(), "grade"), "names grade twice"),
    "another encoding": (header_of(*columns()) + "4100000001,,Thériot".encode("latin-1") + b"\n", "UTF-8"),
    "an open quotation mark": (header_of(*columns()) + b'4100000001,"Fontenot\n', "never closed"),
    "a sign that no text has": (
        header_of(*columns()) + b"\n" * 4_096 + b"41\x0000000001" + b"," * 16 + b"\n",
        "no text has",
    ),
    "a file cut in the middle": (header_of(*columns()) + b"4100000001,,Font", "middle of a line"),
    "only a header": (header_of(*columns()), "no rows"),
    "a ZIP file cut in the middle": (b"PK\x03\x04\x00\x00", "cut"),
}


@pytest.mark.parametrize("case", WHOLE)
def test_the_file_as_a_whole_is_refused(case, look):
    content, words = WHOLE[case]
    found = look(content, "feed.zip" if content.startswith(b"PK") else "feed.csv")
    assert found.state == FeedState.REFUSED
    assert words in found.why


def test_a_line_with_more_or_fewer_cells_is_refused_alone(dc, feed, look, errors_of):
    content = feed({}) + b"4100000002,,Broussard\n"
    assert errors_of(look(content)) == {3: "It has more or fewer cells than the first line."}


def test_a_file_of_damaged_lines_alone_is_not_taken_for_one_that_stands_here(feed, look):
    found = look(feed().splitlines(keepends=True)[0] + b"4100000002,,Broussard\n")
    assert (found.counts["refused"], found.counts["same"]) == (1, 0)


def test_the_same_file_is_not_loaded_twice(dc, feed, load, year):
    load(feed({}))
    again = ContentFile(feed({}), name="feed.csv")
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="This very file was loaded"):
        send_feed(by=dc.registrar, district=dc.mine, year=year, file=again)


def test_a_role_at_one_school_does_not_load_for_the_district(dc, feed, year):
    registrar = make.UserFactory(role=Role.REGISTRAR, role__site=dc.school)
    file = ContentFile(feed({}), name="feed.csv")
    with scope.of(registrar), pytest.raises(NotAllowed, match="as a whole"):
        send_feed(by=registrar, district=dc.mine, year=year, file=file)


def test_a_dry_run_changes_no_record_of_a_child(feed, look):
    found = look(feed({}))
    assert (found.state, found.counts["new"]) == (FeedState.CHECKED, 1)
    with scope.system():
        assert not Student.objects.exists()
        assert not Enrollment.objects.exists()


def test_columns_may_stand_in_any_order(dc, load):
    names = columns()[::-1]
    row = {"school_code": dc.school.code, **JULES}
    text = io.StringIO()
    csv.writer(text).writerows([names, [row.get(name, "") for name in names]])
    assert load(text.getvalue().encode()).counts["new"] == 1


def test_columns_that_the_layout_does_not_know_are_passed_over(dc, load):
    row = {"school_code": dc.school.code, **JULES, "homeroom": "12b"}
    assert load(written([row], [*columns(), "homeroom", "bus"])).counts["new"] == 1


def test_a_file_that_was_sent_twice_is_loaded_once(dc, feed, look):
    first, second = look(feed({})), look(feed({}))
    with scope.of(dc.registrar):
        start_loading(by=dc.registrar, load=second)
    load_feed(first)
    refused = load_feed(second)
    assert refused.state == FeedState.REFUSED
    assert refused.why.startswith("This very file was loaded on")


def test_the_leading_zeros_of_a_whole_file_are_told(dc, enrolled, feed, look, errors_of):
    for number in ("0041000077", "0041000078"):
        enrolled(state_student_id=number)
    found = look(feed({"state_student_id": "41000077"}, {"state_student_id": "41000078"}))
    assert sorted(errors_of(found)) == [2, 3]
    assert "dropped its leading zeros. It may be 0041000077." in errors_of(found)[2]
