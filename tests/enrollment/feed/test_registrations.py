"""Registrations (1800) by a feed, and the first day attended that ends them: one enrollment, by the verbs."""

from datetime import date

import pytest

from enrollment.actions.exit import mark_no_show
from enrollment.actions.feed_undo import start_undoing, undo_feed
from enrollment.models import Duty, DutyKind, Enrollment
from security import scope
from tests import factories as make

pytestmark = pytest.mark.django_db
AUG_3, AUG_17 = date(2026, 8, 3), date(2026, 8, 17)
REGISTERED = {
    "entry_code": "1800", "entry_date": "2026-08-03", "first_attended": "",
    "forms_received": "2026-07-30", "agreement_received": "2026-08-03",
}  # fmt: skip
CAME = {"entry_code": "1880", "entry_date": "2026-08-17", "first_attended": "2026-08-17"}


def counts_of(load):
    return {what: n for what, n in load.counts.items() if n}


def the_one():
    with scope.system():
        return Enrollment.objects.select_related("student").get()


@pytest.mark.rule("OSSE-R2.02")
def test_a_registration_enters_with_its_documents(feed, load):
    assert counts_of(load(feed(REGISTERED))) == {"new": 1}
    assert (the_one().stage, the_one().attended, the_one().first_day) == (4, False, AUG_3)
    assert counts_of(load(feed(REGISTERED) + b"\r\n")) == {"same": 1}


@pytest.mark.rule("OSSE-R2.03")
def test_a_registration_without_its_documents_is_refused(feed, load, errors_of):
    told = errors_of(load(feed({**REGISTERED, "agreement_received": ""})))
    assert "agreement" in told[2]


@pytest.mark.rule("OSSE-R2.04")
def test_the_first_day_attended_makes_it_the_enrollment_of_stage_5(feed, load):
    load(feed(REGISTERED))
    registered = the_one()
    assert counts_of(load(feed({**CAME, "grade": "07"}))) == {"attends": 1}
    came = the_one()
    assert (came.pk, came.stage, came.attended, came.entry_code) == (registered.pk, 5, True, "1880")
    assert (came.first_day, came.first_attended, came.student.grade) == (AUG_17, AUG_17, "07")
    assert counts_of(load(feed({**CAME, "grade": "07"}) + b"\r\n")) == {"same": 1}


@pytest.mark.rule("OSSE-R2.08")
def test_who_came_is_no_longer_looked_for(dc, enrolled, feed, load):
    registered = enrolled(stage=4, special=True, state_student_id="4100000001", last_name="Fontenot",
                          first_name="Jules", birth_date=date(2015, 3, 12))  # fmt: skip
    with scope.system():
        Duty.objects.create(
            student=registered.student, district=dc.mine, enrollment=registered, since=AUG_17,
            kind=DutyKind.WHEREABOUTS,
        )  # fmt: skip
    load(feed({**CAME, "entry_date": "2026-08-24", "first_attended": "2026-08-24"}))
    with scope.system():
        assert not Duty.objects.open().filter(kind=DutyKind.WHEREABOUTS).exists()


def test_registered_and_came_on_one_day(feed, load):
    load(feed(REGISTERED))
    assert counts_of(load(feed({**CAME, "entry_date": "2026-08-03", "first_attended": "2026-08-03"}))) == {
        "attends": 1
    }


def test_who_came_and_left_in_one_file(feed, load):
    load(feed(REGISTERED))
    left = {"exit_code": "1943", "exit_date": "2026-09-04"}
    assert counts_of(load(feed({**CAME, **left}))) == {"attends": 1}
    assert (the_one().stage, the_one().exit_code) == (5, "1943")


def test_coming_is_taken_back_to_the_registration(dc, feed, load):
    load(feed(REGISTERED))
    came = load(feed({**CAME, "grade": "07"}))
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=came)
    assert undo_feed(came).counts["kept"] == 0
    assert (the_one().stage, the_one().entry_code, the_one().first_day) == (4, "1800", AUG_3)
    assert (the_one().grade, the_one().student.grade) == ("06", "06")


WRONG = [
    ({**REGISTERED, "first_attended": "2026-08-17"}, "1800 registers a child who has not come yet"),
    ({**CAME, "first_attended": ""}, "first_attended says on which day it came"),
    ({**CAME, "entry_date": "2026-08-24"}, "enters on 2026-08-17, and the file says 2026-08-24"),
    ({**CAME, "first_attended": "2026-08-01"}, "the first day is not before"),
]


@pytest.mark.parametrize(("row", "words"), WRONG)
def test_what_does_not_fit_a_registration_is_refused_and_leaves_it(feed, load, errors_of, row, words):
    load(feed(REGISTERED))
    with scope.system():
        before = Enrollment.objects.values().get()
    assert words in errors_of(load(feed({**row, "grade": "07"})))[2]
    with scope.system():
        assert Enrollment.objects.values().get() == before


@pytest.mark.rule("OSSE-R2.06")
def test_before_the_first_school_day_the_entry_is_dated_that_day(dc, year, feed, load):
    make.CalendarFactory(
        district=dc.mine, school_year=year, first_school_day=AUG_17, last_school_day=date(2027, 6, 15)
    )
    load(feed(REGISTERED))
    early = {**CAME, "first_attended": "2026-08-12"}
    assert counts_of(load(feed(early))) == {"attends": 1}
    assert (the_one().first_day, the_one().first_attended) == (AUG_17, date(2026, 8, 12))
    assert counts_of(load(feed(early) + b"\r\n")) == {"same": 1}


NEVER_CAME = {**REGISTERED, "exit_code": "4321", "exit_date": "2026-08-20"}


@pytest.mark.rule("OSSE-R3.01")
@pytest.mark.parametrize("before", [[REGISTERED], []], ids=["registered before", "told at once"])
def test_who_never_came_is_not_registered_again_by_the_next_night(feed, load, before):
    for row in before:
        load(feed(row))
    load(feed(NEVER_CAME))
    assert counts_of(load(feed(NEVER_CAME) + b"\r\n")) == {"same": 1}
    assert the_one().no_show


def test_who_a_person_says_never_came_is_not_registered_again_by_a_feed(dc, feed, load, errors_of):
    load(feed(REGISTERED))
    with scope.of(dc.registrar):
        mark_no_show(by=dc.registrar, enrollment=the_one(), on=AUG_17)
    told = errors_of(load(feed({**REGISTERED, "grade": "07"})))
    assert told == {2: "This enrollment ended here on 2026-08-17 with 4321, and the file has it open."}
    assert the_one().no_show


def test_who_comes_after_all_enters_anew(feed, load):
    load(feed(NEVER_CAME))
    assert counts_of(load(feed({**CAME, "entry_date": "2026-08-24", "first_attended": "2026-08-24"}))) == {
        "new": 1
    }
