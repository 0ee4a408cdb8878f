"""To a nonpublic school and back: out and in as one deed, the seat kept."""

from datetime import date

import pytest

from enrollment import actions
from enrollment.models import Duty, DutyKind, Enrollment, Released, SeatHold, SedsState
from organizations.models import DistrictKind, SiteKind
from security import scope
from security.refusals import RuleBroken
from security.rules.roles import Role
from students.models import Jurisdiction
from tests import factories as make

pytestmark = pytest.mark.django_db
SEP_8, SEP_7 = date(2026, 9, 8), date(2026, 9, 7)
KNOWN = "Placement meeting of Sep 1"


@pytest.fixture
def academy(dc):
    site = make.SiteFactory(state=dc.state, district=None, kind=SiteKind.NONPUBLIC)
    return make.AffiliationFactory(district=dc.mine, site=site).site


@pytest.fixture
def moved(dc, academy, enrolled):
    def move(enrollment: Enrollment | None = None, **child) -> Enrollment:
        row = enrollment or enrolled(**{"special": True, **child})
        with scope.of(dc.registrar):
            return actions.transfer_to_nonpublic(
                by=dc.registrar, enrollment=row, site=academy, first_day=SEP_8, how_known=KNOWN
            )

    return move


def seat_of(enrollment: Enrollment) -> SeatHold:
    with scope.system():
        return SeatHold.objects.select_related("district", "enrollment__district").get(
            student=enrollment.student_id
        )


def enter(dc, by, student, site, on, takes_over=False):
    with scope.of(by):
        return actions.enter_student(
            by=by, child=student, district=site.district, site=site, code="1880", on=on, grade="09",
            papers=actions.Papers(first_attended=on), takes_over=takes_over,
        )  # fmt: skip


@pytest.mark.rule("OSSE-R6.02", "OSSE-R6.03", "OSSE-R6.04", "OSSE-R4.03", "CHECK-14")
def test_out_and_in_again_is_one_deed(dc, academy, enrolled, moved):
    row = enrolled(special=True)
    there = moved(row)
    with scope.system():
        left = Enrollment.objects.get(pk=row.pk)
        mine = Jurisdiction.objects.get(student=row.student_id)
    assert (left.exit_code, left.last_day) == ("2040", SEP_7)
    assert (there.entry_code, there.first_day, there.site) == ("1811", SEP_8, academy)
    assert (there.district, there.responsible_site) == (dc.mine, dc.school)
    assert (mine.district_id, mine.last_day) == (dc.mine.pk, None)


@pytest.mark.rule("OSSE-R6.07")
def test_special_education_goes_on(moved):
    there = moved()
    with scope.system():
        states = set(Enrollment.objects.filter(student=there.student_id).values_list("seds_state", flat=True))
        assert there.student.activities.get().last_day is None
    assert states == {SedsState.ACTIVE}


@pytest.mark.rule("OSSE-R6.02")
def test_2040_alone_leaves_a_duty_that_1811_closes(dc, academy, enrolled):
    row = enrolled(special=True)
    with scope.of(dc.registrar):
        actions.exit_student(by=dc.registrar, enrollment=row, code="2040", on=SEP_7, how_known=KNOWN)
        duty = Duty.objects.get(enrollment=row)
        assert (duty.kind, duty.done_on) == (DutyKind.ENTER_AGAIN, None)
        actions.enter_student(
            by=dc.registrar, child=row.student, district=dc.mine, site=academy, code="1811", on=SEP_8,
            grade="09",
        )  # fmt: skip
        duty.refresh_from_db()
    assert "1811" in duty.done_how


def test_a_refused_move_changes_nothing(dc, enrolled):
    row = enrolled(special=True)
    with scope.of(dc.registrar):
        with pytest.raises(RuleBroken, match="no nonpublic school"):
            actions.transfer_to_nonpublic(
                by=dc.registrar, enrollment=row, site=dc.other, first_day=SEP_8, how_known=KNOWN
            )
        assert Enrollment.objects.get(pk=row.pk).last_day is None


@pytest.mark.rule("OSSE-R6.05")
def test_a_charter_keeps_the_seat_whatever_is_decided(dc, moved):
    type(dc.mine).objects.filter(pk=dc.mine.pk).update(kind=DistrictKind.CHARTER)
    hold = seat_of(moved())
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="at all times"):
        actions.decide_not_to_return(by=dc.registrar, hold=hold, on=SEP_8)


@pytest.mark.rule("OSSE-R6.06")
def test_a_decision_not_to_return_releases_the_seat(dc, moved):
    hold = seat_of(moved())
    with scope.of(dc.registrar), pytest.raises(RuleBroken, match="has not come yet"):
        actions.decide_not_to_return(by=dc.registrar, hold=hold, on=date(2050, 1, 1))
    with scope.of(dc.registrar):
        actions.decide_not_to_return(by=dc.registrar, hold=hold, on=SEP_8)
    assert (seat_of(hold).released, seat_of(hold).released_on) == (Released.NOT_RETURNING, SEP_8)


@pytest.mark.rule("OSSE-R6.05", "OSSE-R6.06")
@pytest.mark.parametrize(
    ("where", "released"),
    [("neighbour", Released.ENTERED_ELSEWHERE), ("school", Released.RETURNED), ("other", Released.HELD)],
)
def test_what_an_entry_does_to_the_seat(dc, moved, where, released):
    there, site = moved(special=False), getattr(dc, where)
    by = make.UserFactory(role=Role.REGISTRAR, role__district=site.district)
    with scope.of(dc.registrar):
        actions.exit_student(
            by=dc.registrar, enrollment=there, code="1962", on=date(2026, 10, 1), how_known=KNOWN
        )
    enter(dc, by, there.student, site, date(2026, 10, 2), takes_over=True)
    assert seat_of(there).released == released
