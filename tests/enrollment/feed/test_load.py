"""What a feed does: new, changed, exits, nothing; held for a person; taken back as a whole."""

from datetime import date

import pytest
from django.db import connection

from enrollment.actions.enter import Papers, enter_student
from enrollment.actions.exit import exit_student
from enrollment.actions.feed import check_feed, load_feed, refuse_feed, start_loading
from enrollment.models import (
    Enrollment,
    EnrollmentSettings,
    FeedChange,
    FeedLoad,
    FeedState,
    Finding,
    LocalCode,
)
from security import scope
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Role
from students.models import Jurisdiction, Student, StudentAccess
from tests import factories as make
from tests.enrollment.feed.known import LEAVES, all_rows, counts_of, one_child, one_enrollment, undone
from tests.students.test_merge import merged

pytestmark = pytest.mark.django_db
SEP_4 = date(2026, 9, 4)


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


def test_who_stands_here_and_not_in_the_file_is_told_and_left_alone(dc, load, feed, enrolled):
    away, elsewhere = enrolled(last_name="Zydeco"), make.StudentFactory(state=dc.state, district=dc.mine)
    make.EnrollmentFactory(student=elsewhere, district=dc.mine, site=dc.other)
    loaded = load(feed({}))
    with scope.system():
        told = loaded.rows.get(does="missing")
        assert Enrollment.objects.get(pk=away.pk).last_day is None
    assert (counts_of(loaded), told.student_id) == ({"new": 1, "missing": 1}, away.student_id)
    assert told.fields["last_name"] == "Zydeco"
