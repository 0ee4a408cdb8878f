"""What somebody may try, or two people at once: refused in a sentence, or done once."""

from datetime import date

import pytest
from django.utils import timezone

from enrollment import actions
from enrollment.actions import Papers, exit_student
from enrollment.models import ContactAttempt, ContactWay
from enrollment.queries.backdating import by_registrar
from journal.models import Entry
from organizations.rules.calendar import school_year_of
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.actions.merge import merge
from students.actions.register import Child
from students.merge_plan import plan_of
from students.models import Jurisdiction
from tests import factories as make
from tests.conftest import asked
from tests.enrollment.test_enter import enter

pytestmark = pytest.mark.django_db
AUG_10, SEP_4, OCT_1 = date(2026, 8, 10), date(2026, 9, 4), date(2026, 10, 1)
LONG_AGO, TODAY = date(1900, 1, 1), timezone.localdate()


def leave(dc, row, code="1964", on=SEP_4, by=None, **more):
    by = by or dc.registrar
    with scope.of(by):
        return exit_student(by=by, enrollment=row, code=code, on=on, how_known="The mother called.", **more)


def days_of(student):
    with scope.system():
        rows = Jurisdiction.objects.filter(student=student).order_by("first_day")
        return [(row.district_id, row.first_day, row.last_day) for row in rows]


@pytest.fixture
def child(dc):
    return make.StudentFactory(state=dc.state, birth_date=date(2015, 3, 12))


def paper_of(day: date) -> Papers:
    return Papers(forms_received_on=day, agreement_received_on=day)


BAD = [
    (
        {
            "on": LONG_AGO,
            "code": "1800",
            "papers": Papers(forms_received_on=LONG_AGO, agreement_received_on=LONG_AGO),
        },
        "first_day",
    ),
    ({"on": date(2015, 3, 11)}, "first_day"),
    ({"grade": "ZZ"}, "grade"),
]


@pytest.mark.parametrize(("typed", "field"), BAD)
def test_an_entry_that_cannot_be_is_refused(dc, child, typed, field):
    with pytest.raises(RuleBroken) as refusal:
        enter(dc, child, **typed)
    assert refusal.value.field == field


def test_the_number_of_a_merged_record_enters_the_child_that_goes_on(dc):
    same = {"last_name": "Fontenot", "birth_date": date(2015, 3, 12), "sex": "M"}
    kept, double = (
        make.StudentFactory(state=dc.state, district=dc.mine, state_student_id=number, **same)
        for number in ("4100000001", "4100000002")
    )
    manager, key = make.UserFactory(role=Role.DATA_MANAGER, role__district=dc.mine), plan_of(kept, double).key
    merge(by=manager, kept=kept, merged=double, reason="Same certificate", key=key)
    typed = Child(state_student_id="4100000002", first_name="Jules", **same)
    assert enter(dc, typed).student == kept
    assert enter(dc, double, on=OCT_1, site=dc.other).student == kept


def test_whoever_did_not_come_can_register_again_on_the_same_day(dc, child):
    papers = paper_of(AUG_10)
    first = enter(dc, child, code="1800", papers=papers)
    with scope.of(dc.registrar):
        actions.mark_no_show(by=dc.registrar, enrollment=first, on=AUG_10, how_known="Called.")
    again = enter(dc, child, code="1800", papers=papers)
    assert (again.pk != first.pk, again.last_day) == (True, None)


def test_responsibility_lasts_as_long_as_the_last_enrollment(dc, child):
    first = enter(dc, child)
    second = enter(dc, child, site=dc.other, on=date(2026, 8, 20))
    leave(dc, second, on=OCT_1)
    leave(dc, first, on=SEP_4)
    assert days_of(child) == [(dc.mine.pk, AUG_10, OCT_1)]


def test_an_earlier_entry_written_down_late_moves_no_child(dc, child):
    enter(dc, child, on=SEP_4, site=dc.other)
    enter(dc, child, on=AUG_10, site=dc.school)
    with scope.system():
        assert Jurisdiction.objects.get(student=child).site == dc.other


@pytest.mark.parametrize(("happened", "names"), [(SEP_4, ["Ada Ledet"]), (date(2026, 6, 30), [])])
def test_backdating_is_counted_in_the_year_in_which_it_happened(dc, happened, names):
    lag = (TODAY - happened).days
    Entry.objects.create(
        kind="STUDENT_EXITED", actor_name="Ada Ledet", district_id=dc.mine.pk, details={"lag_days": lag}
    )
    with scope.system():
        assert [row.name for row in by_registrar(dc.mine, school_year_of(SEP_4))] == names


@pytest.mark.rule("OSSE-R4.02")
def test_the_day_of_an_exit_can_be_the_first_day_elsewhere(dc, child):
    leave(dc, enter(dc, child))
    theirs = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    there = {"by": theirs, "district": dc.theirs, "site": dc.neighbour, "takes_over": True}
    with pytest.raises(RuleBroken, match="on that day or later"):
        enter(dc, child, on=date(2026, 9, 3), **there)
    enter(dc, child, on=SEP_4, **there)
    assert days_of(child) == [(dc.mine.pk, AUG_10, date(2026, 9, 3)), (dc.theirs.pk, SEP_4, None)]


@pytest.mark.rule("OSSE-R3.05")
def test_a_no_show_leaves_room_for_the_district_where_the_child_attended_all_along(dc, child):
    aug_3 = date(2026, 8, 3)
    registered = enter(dc, child, code="1800", on=aug_3, papers=paper_of(aug_3))
    with scope.of(dc.registrar):
        actions.mark_no_show(by=dc.registrar, enrollment=registered, on=SEP_4, how_known="Called.")
    theirs = make.UserFactory(role=Role.REGISTRAR, role__district=dc.theirs)
    enter(dc, child, by=theirs, district=dc.theirs, site=dc.neighbour, on=AUG_10, takes_over=True)
    assert days_of(child) == [(dc.mine.pk, aug_3, date(2026, 8, 9)), (dc.theirs.pk, AUG_10, None)]


def test_the_same_attempt_sent_twice_is_one(dc, child):
    row = enter(dc, child)
    said = {"on": SEP_4, "way": ContactWay.PHONE, "result": "Nobody answered."}
    with scope.of(dc.registrar):
        for _ in range(2):
            actions.record_contact_attempt(by=dc.registrar, enrollment=row, **said)
        assert ContactAttempt.objects.count() == 1


def test_an_exit_holds_the_child_so_that_no_entry_passes_it(dc, child):
    """Both would write the end of the same responsibility."""
    row = enter(dc, child)
    with asked() as statements:
        leave(dc, row)
    held = [sql for sql in statements if "FOR NO KEY UPDATE" in sql or "FOR UPDATE" in sql]
    assert "students_student" in held[0]


TYPED_OVER = (
    "enrollments/exits/?todo=x&name=%00&page=99999999999999999999&sort=x", "enrollments/seats/?site=x",
    "enrollments/findings/?check=x", "enrollments/rosters/?site=x&grade=ZZ&day=x&known=x",
)  # fmt: skip


def test_an_address_that_was_typed_over_is_no_trouble(dc, browse):
    client = browse(dc.registrar)
    assert {path: client.get(f"/{path}").status_code for path in TYPED_OVER} == dict.fromkeys(TYPED_OVER, 200)
