"""A load is taken back as a whole, except for children about whom more is known since."""

from datetime import date

import pytest

from enrollment.actions.audit import audit_student, explain
from enrollment.actions.exit import exit_student
from enrollment.actions.feed_undo import start_undoing, undo_feed
from enrollment.actions.support import answer_request
from enrollment.models import (
    Duty,
    Enrollment,
    FeedState,
    Finding,
    RequestState,
    SupportRequest,
)
from enrollment.rules.support_issues import ADMINISTRATIVE_EXIT
from security import scope
from security.actions.assign import end_assignment
from security.models import EndReason
from security.refusals import NotAllowed
from security.rules.roles import Role
from students.models import Student
from tests import factories as make
from tests.enrollment.feed.known import (
    LEAVES,
    TRACKED,
    all_rows,
    counts_of,
    one_child,
    one_enrollment,
    undone,
)
from tests.students.test_merge import merged

pytestmark = pytest.mark.django_db
SEP_4 = date(2026, 9, 4)


def test_whoever_has_lost_the_role_meanwhile_takes_nothing_back(dc, feed, load):
    loaded = load(feed({}))
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=loaded)
    row = dc.registrar.assignments.get()
    end_assignment(by=None, assignment=row, reason=EndReason.NO_LONGER_NEEDED)
    with pytest.raises(NotAllowed):
        undo_feed(loaded)
    assert one_enrollment().last_day is None


def test_a_load_is_taken_back_as_a_whole(dc, feed, load):
    load(feed({}, {"state_student_id": "4100000003"}))
    before = all_rows()
    second = load(feed(LEAVES, {"state_student_id": "4100000003", "grade": "07"}, {
        "state_student_id": "4100000004", "local_student_id": "77",
    }))  # fmt: skip
    assert counts_of(second) == {"new": 1, "changed": 1, "exit": 1}
    assert all_rows() != before
    assert undone(dc, second).state == FeedState.UNDONE
    assert all_rows() == before


def test_what_was_known_before_the_feeds_is_restored(dc, enrolled, feed, load):
    known = enrolled(special=True, state_student_id="4100000001", grade="06")
    audit_student(known.student_id)
    before = all_rows()
    leaving = load(feed({"grade": "09", "first_attended": "", **LEAVES}))
    assert counts_of(leaving) == {"exit": 1}
    undone(dc, leaving)
    assert all_rows() == before


def test_a_child_about_whom_more_was_recorded_since_is_left_and_told(dc, feed, load, errors_of):
    first = load(feed({}, {"state_student_id": "4100000003"}))
    with scope.system():
        row = Enrollment.objects.get(student__state_student_id="4100000001")
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=row, code="1943", on=SEP_4)
    back = undone(dc, first)
    assert (back.counts["taken_back"], back.counts["kept"]) == (1, 1)
    assert errors_of(back) == {2: "Not taken back: somebody has recorded something about this child since."}
    with scope.system():
        assert Student.objects.get().state_student_id == "4100000001"


def test_a_child_with_a_record_of_a_later_app_is_left(dc, feed, load):
    first = load(feed({}))
    make.EvaluationFactory(student=one_enrollment().student, district=dc.mine)
    assert undone(dc, first).counts["kept"] == 1


def test_what_the_audit_found_at_the_load_goes_with_it(dc, feed, load):
    """A child of eleven in grade 1: check 17."""
    first = load(feed({"grade": "01"}))
    with scope.system():
        assert Finding.objects.get().check_number == 17
    assert undone(dc, first).counts["kept"] == 0
    assert all_rows() == dict.fromkeys(TRACKED, [])


def test_what_the_audit_cleared_at_the_load_stands_again_as_it_was_explained(dc, feed, load):
    load(feed({"grade": "01"}))
    with scope.of(dc.registrar):
        explain(by=dc.registrar, finding=Finding.objects.get(), words="Came to school late.")
    left = load(feed({"grade": "01", **LEAVES}))
    with scope.system():
        assert Finding.objects.get(check_number=17).cleared_at is not None
    undone(dc, left)
    with scope.system():
        found = Finding.objects.get()
    assert (found.cleared_at, found.explained) == (None, "Came to school late.")


NEVER_CAME = {
    "entry_code": "1800", "first_attended": "", "exit_code": "4321", "exit_date": "2026-08-20",
}  # fmt: skip


def never_came(dc, enrolled, feed, load):
    enrolled(stage=4, grade="06", state_student_id="4100000001", birth_date=date(2015, 3, 12))
    with scope.system():
        child = Student.objects.get()
    return load(feed({**NEVER_CAME, "last_name": child.last_name, "first_name": child.first_name}))


def test_a_no_show_is_taken_back_with_its_request_to_the_state(dc, enrolled, feed, load):
    left = never_came(dc, enrolled, feed, load)
    with scope.system():
        assert SupportRequest.objects.open().exists()
    assert undone(dc, left).counts["kept"] == 0
    with scope.system():
        assert not SupportRequest.objects.exists()
    assert one_enrollment().last_day is None


def test_a_no_show_that_the_state_has_granted_is_left(dc, enrolled, feed, load):
    left = never_came(dc, enrolled, feed, load)
    state = make.UserFactory(role=Role.SEA_ADMINISTRATOR)
    with scope.of(state):
        asked = SupportRequest.objects.get()
        answer_request(by=state, request=asked, words="Done.", state=RequestState.GRANTED)
    assert undone(dc, left).counts["kept"] == 1


def test_a_request_that_the_load_withdrew_is_open_again_and_says_why(dc, enrolled, feed, load):
    left = enrolled(
        special=True, state_student_id="4100000001", last_name="Fontenot", birth_date="2015-03-12"
    )
    with scope.system():
        Enrollment.objects.filter(pk=left.pk).update(
            last_day=SEP_4, exit_code="1964", effective_exit_code="1964", seds_state="ADMIN_EXIT_REQUESTED",
        )  # fmt: skip
        asked = SupportRequest.objects.create(
            student=left.student, district=dc.mine, enrollment=left, words="It is.", due_diligence="Called.",
            issue_type="Enrollment / Enrollment Audit", sub_category=ADMINISTRATIVE_EXIT,
        )  # fmt: skip
    back = load(feed({"entry_date": "2026-09-08", "first_attended": "2026-09-08"}))
    with scope.system():
        assert SupportRequest.objects.get().state == RequestState.WITHDRAWN
    assert undone(dc, back).counts["kept"] == 0
    with scope.system():
        assert SupportRequest.objects.get().state == RequestState.OPEN
        assert "taken back" in asked.answers.last().words


def test_a_duty_that_a_person_did_since_is_not_taken_back(dc, feed, load):
    first = load(feed({"exit_code": "2040", "exit_date": "2026-09-04"}))
    with scope.system():
        Duty.objects.update(done_on=SEP_4, done_how="Entered there by hand")
    assert undone(dc, first).counts["kept"] == 1


def test_a_load_that_was_taken_back_can_be_loaded_again(dc, feed, load):
    undone(dc, load(feed({})))
    assert counts_of(load(feed({}))) == {"new": 1}


def test_two_nights_are_taken_back_one_after_the_other(dc, feed, load):
    before = all_rows()
    first, second = load(feed({})), load(feed({"grade": "07"}))
    assert undone(dc, second).counts["kept"] == 0
    assert undone(dc, first).counts["kept"] == 0
    assert all_rows() == before


def test_a_child_whose_record_was_merged_since_is_left(dc, enrolled, feed, load):
    same = {"last_name": "Fontenot", "first_name": "Jules", "birth_date": date(2015, 3, 12), "sex": "M"}
    kept = enrolled(state_student_id="4100000002", **same).student
    first = load(feed({"school_code": dc.other.code}))
    merged(make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine), kept, one_child("4100000001"))
    assert undone(dc, first).counts["kept"] == 1
    with scope.system():
        assert Enrollment.objects.filter(student=kept).count() == 2
