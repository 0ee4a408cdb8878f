"""What a feed does: new, changed, exits, nothing; held for a person; taken back as a whole."""

from datetime import date

import pytest
from django.db import connection

from enrollment.actions.audit import audit_student, explain
from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student
from enrollment.actions.feed import check_feed, load_feed, refuse_feed, start_loading
from enrollment.actions.feed_undo import start_undoing, undo_feed
from enrollment.actions.support import answer_request
from enrollment.models import (
    Duty,
    Enrollment,
    EnrollmentSettings,
    FeedChange,
    FeedLoad,
    FeedState,
    Finding,
    LocalCode,
    RequestState,
    SupportRequest,
)
from enrollment.rules.support_issues import ADMINISTRATIVE_EXIT
from security import scope
from security.actions.assign import end_assignment
from security.models import EndReason
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from students.models import Jurisdiction, Student, StudentAccess
from tests import factories as make
from tests.students.test_merge import merged

pytestmark = pytest.mark.django_db
SEP_4 = date(2026, 9, 4)
LEAVES = {"exit_code": "1943", "exit_date": "2026-09-04"}
TRACKED = (
    "students_student", "students_jurisdiction", "enrollment_enrollment", "students_studentaccess",
    "enrollment_specialeducationactivity", "enrollment_duty", "enrollment_finding",
    "enrollment_supportrequest",
)  # fmt: skip
ASIDE = ("version", "modified_at")


def counts_of(load):
    return {what: n for what, n in load.counts.items() if n}


def all_rows():
    """Everything known about children, without what counts how often a row was written."""
    found = {}
    with scope.system(), connection.cursor() as cursor:
        for table in TRACKED:
            cursor.execute(f"SELECT to_jsonb(t) - %s::text[] FROM {table} t", [list(ASIDE)])
            found[table] = sorted(str(row) for (row,) in cursor.fetchall())
    return found


def one_enrollment():
    with scope.system():
        return Enrollment.objects.select_related("student", "site").get()


def one_child(number):
    with scope.system():
        return Student.objects.get(state_student_id=number)


def undone(dc, load):
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=load)
    found = undo_feed(load)
    with connection.cursor() as cursor:  # who writes ends with the transaction of the job
        cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
    return found


def test_whoever_has_lost_the_role_meanwhile_takes_nothing_back(dc, feed, load):
    loaded = load(feed({}))
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=loaded)
    row = dc.registrar.assignments.get()
    end_assignment(by=None, assignment=row, reason=EndReason.NO_LONGER_NEEDED)
    with pytest.raises(NotAllowed):
        undo_feed(loaded)
    assert one_enrollment().last_day is None


def test_a_new_child_is_written_down_entered_and_under_the_district(dc, feed, load):
    assert counts_of(load(feed({}))) == {"new": 1}
    with scope.of(dc.registrar):
        child = Student.objects.visible_to(dc.registrar).get()
        assert (child.state_student_id, child.grade) == ("4100000001", "06")
        assert Jurisdiction.objects.get(student=child).first_day == date(2026, 8, 10)
        assert StudentAccess.objects.get(student=child).site == dc.school
    assert one_enrollment().first_attended == date(2026, 8, 10)


@pytest.mark.rule("OSSE-R1.03")
def test_a_code_of_the_district_is_kept_as_the_state_code_that_it_means(dc, year, feed, load):
    with scope.system():
        for kind, code, state in (("entry", "RE", "1880"), ("exit", "DIED", "1943")):
            LocalCode.objects.create(
                district=dc.mine, school_year=year, kind=kind, code=code, state_code=state
            )
    load(feed({"entry_code": "RE", "exit_code": "DIED", "exit_date": "2026-09-04"}))
    assert (one_enrollment().entry_code, one_enrollment().exit_code) == ("1880", "1943")


@pytest.mark.rule("CHECK-9")
def test_a_code_that_means_nothing_is_told_until_the_district_says_what_it_means(
    dc, year, feed, look, errors_of
):
    died = feed({"exit_code": "DIED", "exit_date": "2026-09-04"})
    assert errors_of(look(died)) == {2: "Exit code DIED is neither a state code nor mapped to one."}
    with scope.system():
        LocalCode.objects.create(
            district=dc.mine, school_year=year, kind="exit", code="DIED", state_code="1943"
        )
    assert errors_of(look(died)) == {}


def test_the_same_rows_sent_again_change_nothing(feed, load):
    load(feed({}))
    before = all_rows()
    assert counts_of(
        load(
            feed(
                {},
            )
            + b"\r\n"
        )
    ) == {"same": 1}
    assert all_rows() == before


def test_a_child_leaves_by_its_row(dc, feed, load):
    load(feed({}))
    assert counts_of(load(feed(LEAVES))) == {"exit": 1}
    left = one_enrollment()
    assert (left.exit_code, left.effective_exit_code, left.last_day) == ("1943", "1943", SEP_4)
    with scope.system():
        assert Jurisdiction.objects.get().last_day == SEP_4
    assert counts_of(load(feed(LEAVES) + b"\r\n")) == {"same": 1}


def test_a_child_moves_between_two_schools_in_one_file(dc, feed, load):
    moved = {"school_code": dc.other.code, "entry_date": "2026-09-08", "first_attended": "2026-09-08"}
    assert counts_of(load(feed(LEAVES, moved))) == {"new": 2}
    with scope.system():
        assert list(Enrollment.objects.order_by("first_day").values_list("site", "last_day")) == [
            (dc.school.pk, SEP_4), (dc.other.pk, None)
        ]  # fmt: skip


def test_the_number_of_a_merged_record_means_the_kept_child(dc, enrolled, feed, load):
    """The district's own system learns of a merge later, and sends the earlier number meanwhile."""
    same = {"last_name": "Fontenot", "first_name": "Jules", "birth_date": date(2015, 3, 12), "sex": "M"}
    load(feed({}))
    kept, double = enrolled(state_student_id="4100000002", **same).student, one_child("4100000001")
    with scope.system():
        Enrollment.objects.filter(student=kept).update(
            first_day=date(2025, 8, 11), last_day=date(2026, 6, 11), exit_code="1966"
        )
    merged(make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine), kept, double)
    assert counts_of(load(feed({}) + b"\r\n")) == {"same": 1}
    left = load(feed(LEAVES))
    assert counts_of(left) == {"exit": 1}
    assert undone(dc, left).counts["taken_back"] == 1
    with scope.system():
        assert Enrollment.objects.open().get().student == kept


def test_a_changed_grade_is_taken_over(feed, load):
    load(feed({}))
    assert counts_of(load(feed({"grade": "07"}))) == {"changed": 1}
    assert (one_enrollment().grade, one_enrollment().student.grade) == ("07", "07")


@pytest.mark.rule("CHECK-17")
def test_a_changed_grade_is_audited_with_the_load(feed, load):
    load(feed({}))
    load(feed({"grade": "01"}))
    with scope.system():
        assert Finding.objects.open().get().check_number == 17


def test_an_exit_that_a_person_recorded_is_not_written_over(dc, feed, load, errors_of):
    load(feed({}))
    with scope.of(dc.registrar):
        exit_student(by=dc.registrar, enrollment=one_enrollment(), code="1943", on=SEP_4)
    told = errors_of(load(feed({"grade": "07"})))
    assert told == {2: "This enrollment ended here on 2026-09-04 with 1943, and the file has it open."}


@pytest.mark.rule("OSSE-R3.04")
def test_a_rule_that_only_a_person_can_meet_refuses_the_row_alone(feed, load, errors_of):
    load(feed({}, {"state_student_id": "4100000002"}))
    leaving = load(feed({"exit_code": "1984", "exit_date": "2026-09-04"}, {
        "state_student_id": "4100000002", **LEAVES,
    }))  # fmt: skip
    assert counts_of(leaving) == {"exit": 1, "refused": 1}
    assert "due diligence" in errors_of(leaving)[2]


def many(n, **more):
    return [{"state_student_id": f"42000000{i:02}", **more} for i in range(n)]


def test_a_feed_that_would_exit_very_many_waits_for_a_person(dc, feed, load, look):
    with scope.system():
        EnrollmentSettings.objects.create(state=dc.state, held_share=0.5)
    load(feed(*many(12)))
    held = look(feed(*many(12, **LEAVES)))
    assert held.state == FeedState.HELD
    assert held.why.startswith("The file would exit 12 of 12 students, more than 50%.")
    with scope.of(dc.registrar):
        with pytest.raises(RuleBroken, match="Say why") as refusal:
            start_loading(by=dc.registrar, load=held)
        assert refusal.value.field == "reason"
        start_loading(by=dc.registrar, load=held, reason="The school closed")
    assert load_feed(held).state == FeedState.LOADED
    with scope.system():
        assert not Enrollment.objects.open().exists()


def test_a_person_may_refuse_it(dc, feed, look):
    waits = look(feed({}))
    with scope.of(dc.registrar):
        refused = refuse_feed(by=dc.registrar, load=waits, reason="Wrong year")
        assert (refused.state, refused.why) == (FeedState.REFUSED, "Wrong year")
        with pytest.raises(Stale, match="refused already"):
            start_loading(by=dc.registrar, load=waits)


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


def test_history_says_that_the_feed_wrote(feed, load):
    found = load(feed({}))
    with scope.system(), connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT pgh_context ->> 'feed' FROM enrollment_enrollmentevent")
        assert cursor.fetchall() == [(str(found.pk),)]
        assert set(FeedChange.objects.values_list("table", flat=True)) >= {
            "students_student", "students_jurisdiction", "enrollment_enrollment"
        }  # fmt: skip


@pytest.mark.rule("OSSE-R10.01")
def test_an_entry_by_the_feed_is_the_entry_of_a_registrar(dc, feed, load):
    """The same verb, so that lag, journal and duties are the same."""
    load(feed({}))
    by_feed = one_enrollment()
    with scope.of(dc.registrar):
        by_hand = enter_student(
            by=dc.registrar, child=make.StudentFactory(state=dc.state, district=dc.mine),
            district=dc.mine, site=dc.school, code="1880", on=by_feed.first_day, grade="06",
            papers=Papers(first_attended=by_feed.first_day),
        )  # fmt: skip
    kept = ("entry_code", "first_day", "stage", "attended", "seds_state", "school_year_id", "entry_lag")
    assert [getattr(by_feed, name) for name in kept] == [getattr(by_hand, name) for name in kept]


@pytest.mark.parametrize("decided", [FeedState.LOADED, FeedState.HELD, FeedState.REFUSED])
def test_a_feed_that_is_looked_through_again_stays_as_it_was_decided(feed, look, decided):
    sent = look(feed({}))
    with scope.system():
        FeedLoad.objects.update(state=decided)
        before = FeedLoad.objects.values().get()
    check_feed(FeedLoad(pk=sent.pk, state=FeedState.CHECKING, by_id=sent.by_id))
    with scope.system():
        assert FeedLoad.objects.values().get() == before


def test_a_feed_that_is_delivered_twice_is_loaded_once(feed, load):
    done = load(feed({}))
    again = load_feed(FeedLoad(pk=done.pk, state=FeedState.CHECKED))
    assert again.loaded_at == done.loaded_at
    with scope.system():
        assert FeedChange.objects.filter(load=done, table="students_student").count() == 1


def test_somebody_of_another_district_neither_loads_nor_undoes(dc, feed, look):
    stranger = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    found = look(feed({}))
    with scope.system(), pytest.raises(NotAllowed):
        start_loading(by=stranger, load=found)


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


def test_who_stands_here_and_not_in_the_file_is_told_and_left_alone(dc, load, feed, enrolled):
    away, elsewhere = enrolled(last_name="Zydeco"), make.StudentFactory(state=dc.state, district=dc.mine)
    make.EnrollmentFactory(student=elsewhere, district=dc.mine, site=dc.other)
    loaded = load(feed({}))
    with scope.system():
        told = loaded.rows.get(does="missing")
        assert Enrollment.objects.get(pk=away.pk).last_day is None
    assert (counts_of(loaded), told.student_id) == ({"new": 1, "missing": 1}, away.student_id)
    assert told.fields["last_name"] == "Zydeco"
