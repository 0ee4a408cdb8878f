"""Special education ends while the child stays enrolled."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.actions import end_special_education, go_on_with_special_education
from enrollment.actions.special_education import end_with_the_exit, leave_rosters
from enrollment.facts import exit_facts
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
ENDS = date(2026, 10, 4)


@pytest.fixture(autouse=True)
def as_system(db):
    with scope.system():
        yield


@pytest.fixture
def child():
    child = make.StudentFactory(district=make.DistrictFactory())
    make.ActivityFactory(student=child, district=child.jurisdictions.get().district)
    return child


def somebody(child, role: Role = Role.REGISTRAR):
    return make.UserFactory(role=role, role__district=child.jurisdictions.get().district)


@pytest.mark.parametrize("role", [Role.REGISTRAR, Role.EVALUATION_COORDINATOR])
def test_the_activity_ends_and_the_journal_says_why(child, role):
    ended = end_special_education(by=somebody(child, role), student=child, reason="X12", on=ENDS)
    assert (ended.last_day, ended.exit_reason) == (ENDS, "X12")
    told = Entry.objects.get(kind="SPECIAL_EDUCATION_ENDED").words
    assert told == "special education ends Oct 4, 2026: Revocation of Consent"


@pytest.mark.parametrize(
    ("reason", "on", "sentence"),
    [("X99", ENDS, "is no reason of"), ("X12", date(2020, 1, 1), "Special education began on Aug 14, 2023")],
)
def test_what_cannot_be(child, reason, on, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        end_special_education(by=somebody(child), student=child, reason=reason, on=on)


def test_it_ends_once(child):
    by = somebody(child)
    end_special_education(by=by, student=child, reason="X12", on=ENDS)
    with pytest.raises(RuleBroken, match="not in special education"):
        end_special_education(by=by, student=child, reason="X12", on=ENDS)


def test_nobody_else_ends_it(child):
    stranger = make.UserFactory(role=Role.REGISTRAR, role__district=make.DistrictFactory())
    for user in (stranger, somebody(child, Role.READER)):
        with pytest.raises(NotAllowed):
            end_special_education(by=user, student=child, reason="X12", on=ENDS)
    assert child.activities.filter(last_day=None).exists()


class TestAnEndThatIsAnnounced:
    """Until its day the child is on the roster; from that day on it is not, by itself."""

    today = timezone.localdate()
    ends = today + timedelta(days=10)

    @pytest.fixture
    def announced(self, child):
        district = child.jurisdictions.get().district
        by = somebody(child)
        here = make.EnrollmentFactory(student=child, district=district, seds_state="ACTIVE")
        end_special_education(by=by, student=child, reason="X12", on=self.ends)
        here.refresh_from_db()
        return by, here

    @pytest.mark.parametrize(("days", "on_it"), [(0, True), (9, True), (10, False), (30, False)])
    def test_an_exit_is_judged_by_its_own_day(self, announced, days, on_it):
        _, here = announced
        day = self.today + timedelta(days=days)
        assert exit_facts(here, how_known="", today=self.today, on=day).has_special_education is on_it

    def test_the_enrollment_leaves_the_roster_on_the_day(self, announced, monkeypatch):
        _, here = announced
        assert (leave_rosters(), here.seds_state) == (0, "ACTIVE")
        monkeypatch.setattr(timezone, "localdate", lambda: self.ends)
        assert (leave_rosters(), leave_rosters()) == (1, 0)
        here.refresh_from_db()
        assert here.seds_state == "NOT_ON"

    def test_another_day_takes_its_place_and_it_may_fall_away(self, announced, child):
        by, here = announced
        later = self.ends + timedelta(days=5)
        assert end_special_education(by=by, student=child, reason="X12", on=later).last_day == later
        goes_on = go_on_with_special_education(by=by, student=child)
        assert (goes_on.last_day, goes_on.exit_reason) == (None, "")
        with pytest.raises(RuleBroken, match="No end of special education is announced"):
            go_on_with_special_education(by=by, student=child)

    def test_an_exit_that_takes_the_child_off_before_ends_it_that_day(self, announced, child):
        end_with_the_exit(child, self.today)
        ended = child.activities.get()
        assert (ended.last_day, ended.exit_reason) == (self.today, "")
