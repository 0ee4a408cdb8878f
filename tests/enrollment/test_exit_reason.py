"""Why special education ended is recorded after it has, by those who exit students there."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from enrollment.actions import record_exit_reason
from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
ENDED = date(2026, 9, 4)


@pytest.fixture
def mine():
    return make.DistrictFactory()


@pytest.fixture
def ended(mine):
    child = make.StudentFactory(district=mine, last_name="Abadie")
    make.EnrollmentFactory(
        student=child, district=mine, last_day=ENDED, exit_code="07", effective_exit_code="07"
    )
    return make.ActivityFactory(student=child, district=mine, last_day=ENDED)


@pytest.fixture
def registrar(mine):
    return make.UserFactory(role=Role.REGISTRAR, role__district=mine)


def recorded(by, activity, reason: str):
    with scope.of(by):
        return record_exit_reason(by=by, activity=activity, reason=reason)


def test_the_reason_is_recorded_put_right_and_told(registrar, ended):
    for reason in ("X03", "X02", "X02"):
        assert recorded(registrar, ended, reason).exit_reason == reason
    with scope.system():
        told = Entry.objects.filter(kind="SPECIAL_EDUCATION_REASON").order_by("pk")
        assert [entry.words for entry in told] == [
            "special education ended Sep 4, 2026: Dropped Out",
            "special education ended Sep 4, 2026: Death, instead of X03",
        ]
        ended.refresh_from_db()
    assert (ended.exit_reason, ended.last_day) == ("X02", ENDED)


@pytest.mark.parametrize("ahead", [None, 10])
def test_what_goes_on_has_no_reason_of_an_end(registrar, ended, ahead):
    with scope.elevated():
        ended.last_day = ahead and timezone.localdate() + timedelta(days=ahead)
        ended.save()
    with pytest.raises(RuleBroken, match="Special education of this student goes on"):
        recorded(registrar, ended, "X02")


def test_only_a_reason_of_the_state_is_recorded(registrar, ended):
    with pytest.raises(RuleBroken, match="“X99” is no reason of") as refusal:
        recorded(registrar, ended, "X99")
    assert refusal.value.field == "reason"


def test_nobody_else_records_it(mine, ended):
    stranger = make.UserFactory(role=Role.REGISTRAR, role__district=make.DistrictFactory())
    reader = make.UserFactory(role=Role.READER, role__district=mine)
    for user in (stranger, reader):
        with scope.elevated(), pytest.raises(NotAllowed, match="can record why special education ended"):
            record_exit_reason(by=user, activity=ended, reason="X02")


def test_the_page_shows_what_is_known_and_records_the_reason(registrar, ended, browse):
    client, address = browse(registrar), f"/enrollments/special-education/{ended.pk}/"
    assert address in client.get(f"/students/{ended.student_id}/").content.decode()
    shown = client.get(address).content.decode()
    for words in (
        "Abadie",
        "Aug 14, 2023 to Sep 4, 2026",
        "07 Death or permanent",
        "The code does not tell it",
    ):
        assert words in shown
    assert "Choose why special education ended." in client.post(address, {"reason": ""}).content.decode()
    assert client.post(address, {"reason": "X02"}).status_code == 302
    assert '<option value="X02" selected>' in client.get(address).content.decode()


def test_a_page_of_what_goes_on_leads_to_the_child(registrar, ended, browse):
    with scope.elevated():
        ended.last_day = None
        ended.save()
    answer = browse(registrar).get(f"/enrollments/special-education/{ended.pk}/")
    assert answer.url == f"/students/{ended.student_id}/"
