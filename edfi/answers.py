"""What an Ed-Fi answer means for the sender: by its type or its words, as versions differ in the status."""

import re
from dataclasses import dataclass
from enum import StrEnum

from edfi.rules.plan import Key

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
NOT_EDFI = "not-edfi"
# How the versions name a record that is not there (EDFI-B10), and a field that is wrong (EDFI-B11, B12).
MISSING = re.compile(r"(?:referenced|related) '(\w+)'|(\w+) reference could not be resolved", re.IGNORECASE)
FIELD = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:\[\d+\])?(?:\.[A-Za-z][A-Za-z0-9]*(?:\[\d+\])?)*")


class Result(StrEnum):
    """DONE alone means delivered; everything else is not (EDFI-D5)."""

    DONE = "done"
    RETRY = "retry"
    DEPENDENCY = "dependency"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one request. `code` groups equal causes; `answer` is the body's text, which may name the child.

    `about`: the field or the missing record that the refusal names, never a value. `held_by`: the request
    whose own failure kept this one from being sent. `wait`: seconds that the server asks to be left alone,
    where they are too many for a worker to wait.
    """

    result: Result
    status: int | None = None
    code: str = ""
    answer: str = ""
    ods_id: str = ""
    about: str = ""
    held_by: Key | None = None
    wait: float = 0.0

    @property
    def done(self) -> bool:
        return self.result is Result.DONE


def outcome_of(verb: str, status: int, body: object, ods_id: str = "") -> Outcome:
    """EDFI-B4 to B12, B22 to B24. A DELETE of what is not there has reached its end (EDFI-D4)."""
    if _is_of_another(verb, status, body, ods_id):
        return Outcome(Result.RETRY, status, NOT_EDFI, text_of(body))
    if 200 <= status < 300 or (verb == "DELETE" and status == 404):
        return Outcome(Result.DONE, status, ods_id=ods_id)
    code = code_of(body) or f"http:{status}"
    text = text_of(body)
    return Outcome(_result(status, code, text), status, code, text, about=about_of(body))


def _is_of_another(verb: str, status: int, body: object, ods_id: str) -> bool:
    """A gateway that answers in place of the API says nothing of the record.

    An API tells where it keeps what it took (EDFI-B5), and answers a DELETE in JSON or not at all (EDFI-B9).
    """
    if verb == "POST" and 200 <= status < 300:
        return not ods_id
    return verb == "DELETE" and (status < 300 or status == 404) and isinstance(body, str)


def _result(status: int, code: str, text: str) -> Result:
    if status in TRANSIENT or code.endswith("multi-user-conflict"):
        return Result.RETRY
    if status in (400, 409) and _names_a_missing_record(code, text):
        return Result.DEPENDENCY
    if status == 409 and code.endswith("dependent-item-exists"):
        return Result.DEPENDENCY
    if status == 403 and _lacks_a_relationship(code, text):
        return Result.DEPENDENCY
    return Result.PERSON


def _names_a_missing_record(code: str, text: str) -> bool:
    """EDFI-B10: 409 or 400, by type in newer versions, by words in older ones; a descriptor is no record."""
    if code.endswith("unresolved-reference"):
        return True
    lowered = text.lower()
    return "reference could not be resolved" in lowered or "value supplied for the related" in lowered


def _lacks_a_relationship(code: str, text: str) -> bool:
    """EDFI-B22, B23; other refusals (EDFI-B24) need a person."""
    return code.endswith("security:authorization") or "no relationships have been established" in text.lower()


def code_of(body: object) -> str:
    """The type of an RFC 9457 problem without its common prefix; "" in older versions."""
    kind = body.get("type", "") if isinstance(body, dict) else ""
    return str(kind).removeprefix("urn:ed-fi:api:")


def text_of(body: object) -> str:
    """Everything a person can read in the answer, at most 2,000 characters."""
    if not isinstance(body, dict):
        return str(body or "")[:2000]
    parts = [body.get("detail") or body.get("message") or body.get("error") or ""]
    parts += body.get("errors") or []
    for path, messages in (body.get("validationErrors") or body.get("modelState") or {}).items():
        parts += [f"{path}: {message}" for message in messages]
    return " ".join(str(part) for part in parts if part)[:2000]


def about_of(body: object) -> str:
    """The root of a refusal: "disabilities[0].disabilityDescriptor", "Student", or "" where none is named."""
    if not isinstance(body, dict):
        return ""
    fields = body.get("validationErrors") or body.get("modelState") or {}
    if path := next((path.removeprefix("$.").removeprefix("request.") for path in fields), ""):
        return path if FIELD.fullmatch(path) else ""
    found = MISSING.search(text_of(body))
    name = (found[1] or found[2]) if found else ""
    return name[:1].upper() + name[1:]
