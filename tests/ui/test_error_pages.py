"""A refusal is a sentence with a way on and a reference; the last resorts need nothing that may be broken."""

import json
import re

import pytest
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from tests.ui.visitor import Elements, request
from ui import views
from ui.parts import Way

REFERENCE = re.compile(r"Reference for the help desk: ([2-9A-Z]{4}-[2-9A-Z]{3})")


class OnlyCoordinators(PermissionDenied):
    ways = (Way("Ask a coordinator.", "Solange Fuselier can lock it."),)


PAGES = [
    (lambda r: views.bad_request(r, SuspiciousOperation("x")), 400, "This request could not be read."),
    (lambda r: views.bad_request(r, RequestDataTooBig("x")), 413, "This is too large to send."),
    (lambda r: views.refused(r, OnlyCoordinators("Only they can lock.")), 403, "Only they can lock."),
    (views.refused, 403, "You may not do this with the access you have."),
    (views.not_found, 404, "There is nothing here that you can open."),
    (views.only_by_a_form, 405, "This address is no page: a form sends to it."),
    (views.csrf_failure, 403, "This page had expired, so nothing was sent."),
    (views.too_large, 413, "This is too large to send."),
    (lambda r: views.view_only(r, "SER is view only since Jul 24."), 423, "SER is view only since Jul 24."),
    (views.locked_out, 429, "Too many sign-ins failed, so this account is locked for a while."),
    (views.server_error, 500, "This did not work, and it is not your fault."),
    (views.unavailable, 503, "The system is not available at the moment."),
]  # fmt: skip


def sentence(response: HttpResponse) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.content.decode(), re.DOTALL)
    return found[1] if found else ""


@pytest.mark.parametrize(("view", "status", "words"), PAGES)
def test_an_error_page_says_what_is_wrong_and_what_to_do(view, status: int, words: str) -> None:
    response = view(request())
    text = Elements(response.content.decode()).text
    assert (response.status_code, sentence(response)) == (status, words)
    assert "What you can do" in text
    assert REFERENCE.search(text)


@pytest.mark.parametrize(("view", "status", "words"), PAGES)
def test_a_part_of_a_page_gets_only_the_notice(view, status: int, words: str) -> None:
    response = view(request(HX_Request="true"))
    html = response.content.decode()
    assert (response.status_code, "<html" in html) == (status, False)
    assert words in html
    assert "data-trouble" in html


def test_a_refusal_carries_the_ways_of_its_exception() -> None:
    response = views.refused(request(), OnlyCoordinators("Only a coordinator can lock."))
    assert "Solange Fuselier can lock it." in response.content.decode()


def test_the_log_has_the_reference_and_neither_address_nor_sentence(caplog) -> None:
    caplog.set_level("INFO")
    response = views.refused(request("/students/0041927365/"), PermissionDenied("Only for Jules Fontenot."))
    logged = [line.msg for line in caplog.records]
    shown = REFERENCE.search(Elements(response.content.decode()).text)
    assert shown
    assert [line["reference"] for line in logged] == [shown[1]]
    assert "0041927365" not in str(logged)
    assert "Fontenot" not in str(logged)


@pytest.mark.parametrize("view", [views.server_error, views.unavailable])
def test_the_last_resorts_touch_neither_person_nor_session(view) -> None:
    bare = request()
    del bare.user
    assert "What you can do" in view(bare).content.decode()


def test_what_is_too_large_is_read_to_its_end_before_the_answer() -> None:
    sent = RequestFactory().post("/", {"name": "x" * 200_000})
    sent.user = request().user
    assert views.too_large(sent).status_code == 413
    assert sent.read(1) == b""


@pytest.mark.parametrize(("view", "status", "words"), PAGES)
def test_a_program_gets_the_sentence_in_json(view, status: int, words: str) -> None:
    response = view(request(Accept="application/json"))
    assert (response.status_code, words in json.loads(response.content)["detail"]) == (status, True)


def test_an_unavailable_system_says_when_to_come_back() -> None:
    assert views.unavailable(request())["Retry-After"] == "60"


def test_a_refused_page_keeps_the_frame_of_the_person() -> None:
    text = Elements(views.not_found(request()).content.decode()).text
    assert all(words in text for words in ("Dana Mouton", "Case manager", "Cypress Parish", "My work"))


def test_references_are_not_guessable_in_order() -> None:
    assert len({views.new_reference() for _ in range(200)}) == 200


def test_everybody_may_read_the_accessibility_statement() -> None:
    response = Client().get(reverse("ui:accessibility"))
    assert response.status_code == 200
    assert "WCAG" in response.content.decode()
