"""Whatever a program sends, it gets a sentence in JSON."""

import json

import pytest
from django.test import Client

from security.rules.roles import Role
from tests.factories import DistrictFactory, EnrollmentFactory, StudentFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def enrollment():
    mine = DistrictFactory()
    return EnrollmentFactory(student=StudentFactory(district=mine), district=mine)


@pytest.fixture
def exit_url(enrollment) -> str:
    return f"/api/enrollments/{enrollment.pk}/exit/"


@pytest.fixture
def manager(enrollment):
    return UserFactory(role=Role.DATA_MANAGER, role__district=enrollment.district)


WHOLE = {"code": "1941", "last_day": "2026-09-04", "how_known": "The mother called."}
SENT = {
    "no JSON": (b"{", "JSON parse error"),
    "no UTF-8": (b'{"code": "\xff"}', "JSON parse error"),
    "nested without end": (b"[" * 5_000, "nested too deeply"),
    "a list": (b"[]", "Expected a dictionary"),
    "nothing": (b"null", "No data provided"),
    "a wrong type": (json.dumps(WHOLE | {"code": ["1941"]}).encode(), "Not a valid string"),
    "an unknown field": (json.dumps(WHOLE | {"exit_cod": "1"}).encode(), "There is no such field"),
    "an unknown code": (json.dumps(WHOLE | {"code": "9999"}).encode(), "is not an exit code"),
    "an impossible date": (json.dumps(WHOLE | {"last_day": "2026-02-30"}).encode(), "wrong format"),
    "a NUL": (json.dumps(WHOLE | {"how_known": "a\0b"}).encode(), "Null characters are not allowed"),
    "a name of 300 kB": (json.dumps(WHOLE | {"how_known": "x" * 300_000}).encode(), "no more than 4000"),
}


@pytest.mark.parametrize(("body", "words"), SENT.values(), ids=SENT.keys())
def test_what_cannot_be_taken_is_said_and_changes_nothing(body, words, enrollment, exit_url, manager, browse):
    answer = browse(manager).post(exit_url, body, content_type="application/json")
    assert answer.status_code == 400
    assert words in answer.content.decode()
    enrollment.refresh_from_db()
    assert enrollment.exit_code == ""


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("patch", "/api/enrollments/", 405, "not allowed"),
        ("delete", "/api/students/", 405, "not allowed"),
        ("get", "/api/students/99999999999999999999/", 404, "No Student matches"),
        ("get", "/api/nothing/", 404, "There is nothing here"),
    ],
)
def test_a_wrong_address_or_method_is_answered_in_json(method, path, status, words, manager, browse):
    answer = getattr(browse(manager), method)(path)
    assert answer.status_code == status
    assert words in answer.json()["detail"]


def test_another_content_type_is_refused_by_name(exit_url, manager, browse):
    answer = browse(manager).post(exit_url, "<exit/>", content_type="text/xml")
    assert answer.status_code == 415
    assert "text/xml" in answer.json()["detail"]


def test_without_its_token_a_call_does_nothing_and_says_what_to_send(exit_url, manager):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(manager, backend="security.backends.PasswordBackend")
    answer = strict.post(exit_url, WHOLE, content_type="application/json")
    assert answer.status_code == 403
    assert "X-CSRFToken" in answer.json()["detail"]
