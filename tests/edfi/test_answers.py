"""What each kind of answer means: done, tried again, waits for another record, or needs a person."""

import pytest

from edfi.answers import NOT_EDFI, outcome_of, text_of

from .rules.builders import case

PREFIX = "urn:ed-fi:api:"
MISSING = {
    "type": f"{PREFIX}data-conflict:unresolved-reference",
    "detail": "The referenced 'Student' item ...",
}
REFERENCED = {"type": f"{PREFIX}data-conflict:dependent-item-exists"}
OLD_MISSING = {"message": "The value supplied for the related 'Student' resource does not exist."}
OLDEST_MISSING = {"message": "Student reference could not be resolved."}
BAD_DESCRIPTOR = {
    "type": f"{PREFIX}bad-request:data-validation-failed",
    "validationErrors": {"$.ideaPartDescriptor": ["IdeaPartDescriptor value 'x' does not exist."]},
}
NO_RELATION = {"type": f"{PREFIX}security:authorization"}
OLD_NO_RELATION = {"message": "Authorization denied. No relationships have been established ..."}
NO_ACTION = {"type": f"{PREFIX}security:authorization:access-denied:action"}


@pytest.mark.parametrize(
    ("verb", "status", "body", "result"),
    [
        case("EDFI-B5", "POST", 201, None, "done"),
        case("EDFI-B6", "POST", 200, None, "done"),
        case("EDFI-B9", "DELETE", 204, None, "done"),
        case("EDFI-D4", "DELETE", 404, {"type": f"{PREFIX}not-found"}, "done"),
        case("EDFI-B21", "POST", 404, {"type": f"{PREFIX}not-found"}, "person"),
        case("EDFI-B10", "POST", 409, MISSING, "dependency"),
        case("EDFI-B10", "POST", 409, OLD_MISSING, "dependency"),
        case("EDFI-B10", "POST", 400, OLDEST_MISSING, "dependency"),
        case("EDFI-B11", "POST", 400, BAD_DESCRIPTOR, "person"),
        case("EDFI-B13", "POST", 400, {"message": "EvaluationLateReason is too long"}, "person"),
        case("EDFI-B9", "DELETE", 409, REFERENCED, "dependency"),
        case("EDFI-B8", "POST", 409, {"type": f"{PREFIX}data-conflict:non-unique-identity"}, "person"),
        case("EDFI-B15", "DELETE", 409, {"type": f"{PREFIX}data-conflict:multi-user-conflict"}, "retry"),
        case("EDFI-B23", "POST", 403, NO_RELATION, "dependency"),
        case("EDFI-B23", "DELETE", 403, OLD_NO_RELATION, "dependency"),
        case("EDFI-B24", "POST", 403, NO_ACTION, "person"),
        case("EDFI-B4", "POST", 401, {"type": f"{PREFIX}security:authentication"}, "person"),
        case("EDFI-B15", "DELETE", 412, {"type": f"{PREFIX}optimistic-lock-failed"}, "person"),
        case("EDFI-B9", "DELETE", 405, None, "person"),
        *(case("EDFI-B27", "POST", status, "<html>", "retry") for status in (500, 502, 503, 504)),
        case("EDFI-B26", "POST", 429, None, "retry"),
        case("EDFI-D5", "POST", 302, None, "person"),
    ],
)
def test_what_an_answer_means(verb, status, body, result) -> None:
    assert outcome_of(verb, status, body, ods_id="1" * 32).result == result


@pytest.mark.rule("EDFI-B12")
def test_the_text_of_an_answer_holds_every_message() -> None:
    assert "does not exist" in text_of(BAD_DESCRIPTOR)
    assert text_of({"message": "Old", "modelState": {"a": ["b"]}}) == "Old a: b"
    assert (text_of(None), len(text_of("x" * 5000))) == ("", 2000)


@pytest.mark.parametrize(
    ("verb", "status", "body", "ods_id"),
    [
        case("EDFI-B5", "POST", 200, None, ""),
        case("EDFI-B5", "POST", 200, "<html>", ""),
        case("EDFI-B9", "DELETE", 200, "<html>", ""),
        case("EDFI-B9", "DELETE", 404, "<html>", ""),
    ],
)
def test_what_no_ed_fi_api_answers_says_nothing_of_the_record(verb, status, body, ods_id) -> None:
    outcome = outcome_of(verb, status, body, ods_id)

    assert (outcome.result, outcome.code) == ("retry", NOT_EDFI)
