"""Tokens of the API: personal, to read or to write, for some days, never more than the person holds now."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Entry
from security import scope
from security.actions.accounts import close_account
from security.actions.assign import end_assignment
from security.actions.tokens import make_token
from security.models import ApiToken, EndReason, Session
from security.rules.roles import Role
from tests import factories as make

pytestmark = pytest.mark.django_db
STUDENTS = "/api/students/"


@pytest.fixture
def dana():
    return make.UserFactory(role=Role.DATA_MANAGER, role__district=make.DistrictFactory())


@pytest.fixture
def child(dana):
    return make.StudentFactory(district=dana.assignments.get().district, last_name="Quillfeather")


def token_of(user, **facts) -> str:
    given = {"name": "load", "reach": "read", "days": 5, "second_factor": True, **facts}
    return make_token(by=user, **given)[1]


def caller(plain: str) -> Client:
    return Client(headers={"authorization": f"Bearer {plain}"}, enforce_csrf_checks=True)


def test_a_token_is_shown_once_and_kept_as_a_digest(browse, dana):
    client = browse(dana)
    page = client.post(reverse("security:tokens"), {"name": "load", "reach": "read", "days": 30})
    plain = page.context["plain"]
    assert plain in page.content.decode()
    assert plain not in client.get(reverse("security:tokens")).content.decode()
    assert plain not in str(ApiToken.objects.values().get())
    assert caller(plain).get(STUDENTS).status_code == 200


def test_a_token_sees_what_its_person_sees_and_opens_no_session(dana, child):
    stranger = make.UserFactory(role=Role.READER, role__district=make.DistrictFactory())
    assert "Quillfeather" in caller(token_of(dana)).get(STUDENTS).content.decode()
    assert "Quillfeather" not in caller(token_of(stranger)).get(STUDENTS).content.decode()
    assert not Session.objects.exists()


def test_a_token_gives_no_more_than_the_person_holds_now(dana, child):
    plain = token_of(dana)
    held = dana.assignments.get()
    held.first_day -= timedelta(days=2)
    held.save()
    end_assignment(by=None, assignment=held, reason=EndReason.EMPLOYMENT_ENDED)
    assert "Quillfeather" not in caller(plain).get(STUDENTS).content.decode()


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
def test_a_token_that_reads_writes_nothing(dana, child, method):
    answer = getattr(caller(token_of(dana)), method)(f"/api/students/{child.pk}/", {}, "application/json")
    assert (answer.status_code, "reads only" in answer.json()["detail"]) == (403, True)
    with scope.system():
        assert Entry.objects.filter(kind="WRITE_REFUSED", actor_id=dana.pk).count() == 1


def test_a_token_that_writes_needs_no_token_of_a_form(dana, child):
    answer = caller(token_of(dana, reach="write")).post("/api/enrollments/", {}, "application/json")
    assert answer.status_code == 400  # read, and found wanting


def test_a_token_that_writes_gives_a_reader_no_pen(child, dana):
    reader = make.UserFactory(role=Role.READER, role__district=dana.assignments.get().district)
    enrollment = make.EnrollmentFactory(student=child, district=dana.assignments.get().district)
    left = {"code": "03", "last_day": "2026-10-02", "how_known": "Told by the mother"}
    plain = token_of(reader, reach="write")
    answer = caller(plain).post(f"/api/enrollments/{enrollment.pk}/exit/", left, "application/json")
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "change",
    [
        lambda token: ApiToken.objects.update(expires_at=timezone.now()),
        lambda token: ApiToken.objects.update(ended_at=timezone.now()),
        lambda token: close_account(
            by=make.UserFactory(role=Role.SEA_ADMINISTRATOR), user=token.user, reason="left"
        ),
        lambda token: type(token.user).objects.filter(pk=token.user_id).update(is_active=False),
        lambda token: ApiToken.objects.update(digest="0" * 64),
    ],
    ids=["expired", "ended", "account closed", "account closed by hand", "forged"],
)
def test_a_token_that_is_over_opens_nothing(dana, change):
    plain = token_of(dana)
    change(ApiToken.objects.get())
    answer = caller(plain).get(STUDENTS)
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert "unknown, ended or expired" in answer.json()["detail"]


def test_a_token_opens_the_api_alone(dana):
    assert caller(token_of(dana)).get("/students/").status_code == 302


@pytest.mark.parametrize(("made_with", "status"), [(True, 200), (False, 403)])
def test_where_a_second_factor_is_needed_the_token_was_made_with_one(dana, settings, made_with, status):
    settings.ESER_SECOND_FACTOR = "required"
    assert caller(token_of(dana, second_factor=made_with)).get(STUDENTS).status_code == status


@pytest.mark.parametrize("days", [0, 91])
def test_a_token_lasts_no_longer_than_the_setting(browse, dana, days):
    page = browse(dana).post(reverse("security:tokens"), {"name": "x", "reach": "read", "days": days})
    assert page.status_code == 400
    assert "days" in page.context["form"].errors
    assert not ApiToken.objects.exists()


def test_its_last_use_is_told_and_it_can_be_ended(browse, dana):
    plain = token_of(dana)
    caller(plain).get(STUDENTS)
    token = ApiToken.objects.get()
    assert timezone.now() - token.last_used_at < timedelta(minutes=1)
    browse(dana).post(reverse("security:end_own_token", args=[token.pk]))
    assert caller(plain).get(STUDENTS).status_code == 401
    assert Entry.objects.filter(kind="TOKEN_ENDED", actor_id=dana.pk).exists()


def test_nobody_ends_or_sees_the_token_of_another(browse, dana):
    token_of(dana, name="heron count")
    client = browse(make.UserFactory())
    assert client.post(reverse("security:end_own_token", args=[ApiToken.objects.get().pk])).status_code == 404
    assert "heron count" not in client.get(reverse("security:tokens")).content.decode()


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Basic eser_x", "bearer \x00", "Bearer " + "x" * 9000]
)
def test_odd_headers_open_nothing(header):
    assert Client(headers={"authorization": header}).get(STUDENTS).status_code in (400, 401, 403)


def test_too_many_calls_are_told_to_wait(dana, monkeypatch):
    monkeypatch.setattr("security.throttles.PerToken.THROTTLE_RATES", {"person": "9/min", "token": "2/min"})
    client = caller(token_of(dana))
    answers = [client.get(STUDENTS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert "Go on in" in answers[-1].json()["detail"]
