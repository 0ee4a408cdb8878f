"""What is known of early intervention: by whom, with which days, and what cannot be."""

from datetime import date

import pytest
from django.urls import reverse

from journal.models import Entry
from security import scope
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Role
from students.actions.part_c import record_part_c
from students.models import Student
from students.rules.part_c import EarlyIntervention, why_not
from tests import factories as make

BORN, TODAY = date(2024, 1, 20), date(2026, 11, 22)
SINCE = date(2024, 9, 1)


@pytest.mark.parametrize(
    ("known", "field"),
    [
        ({"served": True}, None),
        ({"served": True, "since": SINCE}, None),
        ({"served": True, "since": SINCE, "continued_on": date(2026, 10, 1)}, None),
        ({"served": False}, None),
        ({"served": False, "since": SINCE}, "since"),
        ({"served": True, "since": date(2024, 1, 19)}, "since"),
        ({"served": True, "since": date(2026, 11, 23)}, "since"),
        ({"served": True, "continued_on": date(2026, 11, 23)}, "continued_on"),
        ({"served": True, "since": SINCE, "continued_on": date(2024, 8, 1)}, "continued_on"),
    ],
)
def test_which_days_can_be(known, field):
    refused = why_not(EarlyIntervention(**known), BORN, TODAY)
    assert (refused and refused[1]) == field


def test_it_begins_before_the_third_birthday():
    known = EarlyIntervention(served=True, since=date(2027, 1, 20))
    assert why_not(known, BORN, date(2027, 2, 1)) == (
        "Early intervention begins before the third birthday, Jan 20, 2027.", "since",
    )  # fmt: skip


@pytest.fixture
def mine(db):
    return make.DistrictFactory()


@pytest.fixture
def child(mine):
    return make.StudentFactory(district=mine, birth_date=BORN)


def test_who_refers_records_it_with_how_it_is_known(mine, child, browse):
    client = browse(make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine))
    address = reverse("students:part_c", args=[child.pk])
    sent = {"served": "yes", "since": "Sep 1, 2024", "continued_on": "", "how": ""}
    refused = client.post(address, sent)
    assert (refused.status_code, "Say how it is known" in refused.content.decode()) == (400, True)
    assert client.post(address, sent | {"how": "EarlySteps"}).status_code == 302
    with scope.system():
        now = Student.objects.get(pk=child.pk)
        told = Entry.objects.get(kind="PART_C_RECORDED").words
    assert (now.part_c_history, now.part_c_since, now.part_c_continued_on) == ("YES", SINCE, None)
    assert told == "served in early intervention: EarlySteps"


def test_others_do_not(mine, child):
    known = EarlyIntervention(served=False)
    with pytest.raises(NotAllowed, match="can record early intervention"):
        record_part_c(
            by=make.UserFactory(role=Role.READER, role__district=mine), student=child, known=known, how="x"
        )
    coordinator = make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine)
    with scope.system(), pytest.raises(RuleBroken, match="Say how it is known"):
        record_part_c(by=coordinator, student=child, known=known, how=" ")
