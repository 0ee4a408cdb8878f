"""Where a state's exit codes do not say what becomes of special education, who records the exit ends it."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.actions import end_after_exit, exit_student
from enrollment.models import Enrollment, SedsState
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.models import Jurisdiction
from tests import factories as make

pytestmark = pytest.mark.django_db
SEP_4, SEP_10 = date(2026, 9, 4), date(2026, 9, 10)


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def registrar(mine):
    return make.UserFactory(role=Role.REGISTRAR, role__district=mine)


@pytest.fixture
def enrolled(mine):
    child = make.StudentFactory(district=mine, last_name="Abadie")
    make.ActivityFactory(student=child, district=mine)
    return make.EnrollmentFactory(student=child, district=mine, attended=True, seds_state="ACTIVE")


@pytest.fixture
def leaves(registrar, enrolled):
    def leave(code: str = "04") -> Enrollment:
        with scope.of(registrar):
            return exit_student(by=registrar, enrollment=enrolled, code=code, on=SEP_4, how_known="Told.")

    return leave


def ended(by, enrollment, reason: str = "X05", on: date = SEP_10):
    with scope.of(by):
        return end_after_exit(by=by, enrollment=enrollment, reason=reason, on=on)


def test_special_education_and_responsibility_end_with_the_day(leaves, registrar):
    left = leaves()
    with scope.system():
        assert Jurisdiction.objects.get(student=left.student_id).last_day is None
    activity = ended(registrar, left)
    with scope.system():
        left.refresh_from_db()
        assert Jurisdiction.objects.get(student=left.student_id).last_day == SEP_10
    assert (activity.last_day, activity.exit_reason) == (SEP_10, "X05")
    assert left.seds_state == SedsState.NOT_ON
    with pytest.raises(RuleBroken, match="not in special education"):
        ended(registrar, left)


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"reason": "X12"}, "Parents who withdraw their consent do so in writing"),
        ({"reason": "X99"}, "is no reason of"),
        ({"on": SEP_4 - timedelta(days=1)}, "The student left on Sep 4, 2026"),
        ({"on": timezone.localdate() + timedelta(days=1)}, "not after today"),
    ],
)
def test_what_cannot_be_said_is_refused(leaves, registrar, said, sentence):
    with pytest.raises(RuleBroken, match=sentence):
        ended(registrar, leaves(), **said)


def test_who_is_enrolled_has_not_left(enrolled, registrar):
    with pytest.raises(RuleBroken, match="The student has not left"):
        ended(registrar, enrolled)


def test_who_goes_on_at_another_school_stays_in_special_education(leaves, registrar):
    with pytest.raises(RuleBroken, match="With 09 the student goes on at another school"):
        ended(registrar, leaves("09"))


def test_who_came_back_elsewhere_has_not_left_school(leaves, registrar):
    left = leaves()
    make.EnrollmentFactory(student=left.student, first_day=SEP_10)
    with pytest.raises(RuleBroken, match="There is a later enrollment"):
        ended(registrar, left)


def test_nobody_else_ends_it(leaves, mine):
    left, reader = leaves(), make.UserFactory(role=Role.READER, role__district=mine)
    with pytest.raises(NotAllowed):
        ended(reader, left)


def test_the_page_after_the_exit_offers_it(leaves, registrar, browse):
    left, client = leaves(), browse(registrar)
    address = f"/enrollments/{left.pk}/after/"
    assert "End special education" in client.get(address).content.decode()
    refused = client.post(f"{address}special-education/", {"reason": "", "on": "Sep 4"}).content.decode()
    assert "Choose why special education ended." in refused
    answer = client.post(f"{address}special-education/", {"reason": "X05", "on": "Sep 4"}, follow=True)
    assert "Special education has ended." in answer.content.decode()
    assert "End special education" not in client.get(address).content.decode()


def test_where_the_code_decides_the_page_does_not_offer_it(dc, browse):
    child = make.StudentFactory(state=dc.state, district=dc.mine)
    make.ActivityFactory(student=child, district=dc.mine)
    here = make.EnrollmentFactory(
        student=child, district=dc.mine, site=dc.school, attended=True, seds_state="ACTIVE"
    )
    with scope.of(dc.registrar):
        left = exit_student(by=dc.registrar, enrollment=here, code="1984", on=SEP_4, how_known="Told.")
    shown = browse(dc.registrar).get(f"/enrollments/{left.pk}/after/").content.decode()
    assert "End special education" not in shown
    with pytest.raises(RuleBroken, match="The exit code decides what becomes of special education"):
        ended(dc.registrar, left)
