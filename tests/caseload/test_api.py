"""The caseload over the API: the same verbs, the same sentences, the same reach."""

from datetime import date

import pytest
from django.urls import reverse

from organizations.models import ClosedDay
from security import scope
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
JSON = "application/json"


@pytest.fixture
def calendar():
    return make.CalendarFactory()


@pytest.fixture
def mine(calendar):
    return calendar.district


@pytest.fixture
def remy(mine):
    return make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine, last_name="Guidry")


@pytest.fixture
def solange(mine):
    return make.UserFactory(role=Role.EVALUATION_COORDINATOR, role__district=mine, last_name="Fuselier")


def evaluation_of(person, district):
    child = make.StudentFactory(district=district)
    return make.EvaluationFactory(
        student=child, district=district, coordinator=person, kind="INIT", outcome="", referral_date=None,
        consent_date=date(2026, 9, 1),
    )  # fmt: skip


def test_what_is_due_soonest_first_and_of_me_alone(mine, solange, remy, browse):
    mine_own, theirs = evaluation_of(solange, mine), evaluation_of(remy, mine)
    evaluation_of(None, make.CalendarFactory().district)
    client, address = browse(solange), reverse("api:deadline-list")
    every = client.get(address).json()["results"]
    assert {row["student"] for row in every} == {mine_own.student_id, theirs.student_id}
    assert [row["due_on"] for row in every] == sorted(row["due_on"] for row in every)
    asked = client.get(address, {"who": "me", "due_by": "2026-12-31"}).json()["results"]
    assert {(row["number"], row["student"]) for row in asked} == {("D02", mine_own.student_id)}


def test_a_caseload_is_handed_over(mine, solange, remy, browse):
    held, stranger = evaluation_of(solange, mine), make.UserFactory()
    client = browse(make.UserFactory(role=Role.SPED_SUPERVISOR, role__district=mine))
    people = client.get(reverse("api:caseload-list")).json()
    assert [row["id"] for row in people["holders"]] == [solange.pk]
    (record,) = client.get(reverse("api:caseload-detail", args=[solange.pk])).json()
    assert (record["key"], record["why_not"]) == (f"evaluation-{held.pk}", None)
    address = reverse("api:caseload-hand-over", args=[solange.pk])
    refused = client.post(address, {"to": stranger.pk, "chosen": [record["key"]]}, content_type=JSON)
    assert (refused.status_code, refused.json()["field"]) == (400, "to")
    done = client.post(address, {"to": remy.pk, "chosen": [record["key"]]}, content_type=JSON).json()
    assert ([row["key"] for row in done["moved"]], done["stayed"]) == ([record["key"]], [])
    held.refresh_from_db()
    assert held.coordinator == remy


def test_a_calendar_is_read_and_kept(calendar, mine, solange, browse):
    client = browse(make.UserFactory(role=Role.DATA_MANAGER, role__district=mine))
    evaluation_of(solange, mine)
    (row,) = client.get(reverse("api:calendar-list")).json()
    assert row["id"] == calendar.pk
    verb = {
        name: reverse(f"api:calendar-{name}", args=[calendar.pk]) for name in ("closing", "opening", "term")
    }
    storm = {"day": "2026-10-14", "reason": "storm"}
    assert client.get(reverse("api:deadline-list")).json()["results"][0]["due_on"] == "2026-11-24"
    assert client.post(verb["closing"], storm, content_type=JSON).json() == {"moved": 2}
    again = client.post(verb["closing"], storm, content_type=JSON)
    assert (again.status_code, again.json()["field"]) == (400, "day")
    assert client.post(verb["opening"], {"day": "2026-10-14"}, content_type=JSON).json() == {"moved": 2}
    with scope.system():
        assert not ClosedDay.objects.filter(calendar=calendar, day=date(2026, 10, 14)).exists()
    term = {"first": str(calendar.first_school_day), "last": "2027-05-20"}
    assert client.post(verb["term"], term, content_type=JSON).json()["last_school_day"] == "2027-05-20"
    begun = term | {"district": mine.pk, "school_year": calendar.school_year_id}
    refused = client.post(reverse("api:calendar-list"), begun, content_type=JSON)
    assert "has this calendar of" in refused.json()["detail"]
