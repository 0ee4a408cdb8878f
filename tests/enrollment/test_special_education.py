"""Special education ends while the child stays enrolled."""

from datetime import date

import pytest

from enrollment.actions import end_special_education
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
