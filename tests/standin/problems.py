"""The errors of an Ed-Fi API: RFC 9457 problems (v7.2 and later), or a bare message (v7.1 and before)."""

from dataclasses import dataclass, field


@dataclass
class Problem(Exception):
    """One refusal. `type` is the part after "urn:ed-fi:api:"; `old_message` is what v7.1 said instead."""

    status: int
    type: str
    title: str
    detail: str
    validation_errors: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    old_message: str = ""

    def body(self, *, old_style: bool) -> dict:
        if old_style:
            return self._old_body()
        body = {
            "detail": self.detail,
            "type": f"urn:ed-fi:api:{self.type}",
            "title": self.title,
            "status": self.status,
            "correlationId": "f2b9f1c6-0000-4000-8000-000000000000",
        }
        if self.validation_errors:
            body["validationErrors"] = self.validation_errors
        if self.errors:
            body["errors"] = self.errors
        return body

    def _old_body(self) -> dict:
        if not self.validation_errors:
            return {"message": self.old_message or self.detail}
        state = {path.removeprefix("$."): messages for path, messages in self.validation_errors.items()}
        return {"message": "The request is invalid.", "modelState": state}


def unauthenticated() -> Problem:
    detail = "The caller could not be authenticated."
    return Problem(401, "security:authentication", "Authentication Failed", detail)


def too_many_tokens() -> Problem:
    detail = "The caller could not be authenticated."
    hint = "Too many access tokens have been requested. Access tokens should be reused until they expire."
    kind = "security:authentication:too-many-tokens"
    return Problem(429, kind, "Too Many Tokens", detail, errors=[hint])


def unresolved_reference(resource: str) -> Problem:
    detail = f"The referenced '{resource}' item does not exist."
    old = f"The value supplied for the related '{resource}' resource does not exist."
    kind = "data-conflict:unresolved-reference"
    return Problem(409, kind, "Unresolved Reference", detail, old_message=old)


def dependent_item(resource: str) -> Problem:
    detail = (
        "The requested action cannot be performed because this item is referenced "
        f"by an existing '{resource}' item."
    )
    return Problem(409, "data-conflict:dependent-item-exists", "Dependent Item Exists", detail)


def non_unique_identity() -> Problem:
    detail = "The identifying value(s) of the item are the same as another item that already exists."
    return Problem(409, "data-conflict:non-unique-identity", "Identifying Values Are Not Unique", detail)


def invalid(validation_errors: dict[str, list[str]]) -> Problem:
    detail = "Data validation failed. See 'validationErrors' for details."
    kind = "bad-request:data-validation-failed"
    return Problem(400, kind, "Data Validation Failed", detail, validation_errors)


def assigned_id() -> Problem:
    hint = "Resource identifiers cannot be assigned by the client."
    detail = "The request data was constructed incorrectly."
    return Problem(400, "bad-request:data", "Data Bad Request", detail, errors=[hint], old_message=hint)


def bad_request(detail: str) -> Problem:
    return Problem(400, "bad-request", "Bad Request", detail)


def key_change(resource: str) -> Problem:
    detail = (
        f"Identifying values for the {resource} resource cannot be changed. "
        "Delete and recreate the resource item instead."
    )
    kind = "bad-request:data-validation-failed:key-change-not-supported"
    return Problem(400, kind, "Key Change Not Supported", detail)


def bad_parameter(detail: str) -> Problem:
    kind = "bad-request:parameter-validation-failed"
    return Problem(400, kind, "Parameter Validation Failed", detail)


def not_found() -> Problem:
    return Problem(404, "not-found", "Not Found", "The specified resource item could not be found.")


def not_related(student: str) -> Problem:
    detail = "Access to the requested data could not be authorized."
    errors = [
        f"No relationships have been established between the caller's education organization id claims and "
        f"the resource item's '{student}' value.",
        "Hint: You may need to create a corresponding "
        "'StudentEducationOrganizationResponsibilityAssociation' item.",
    ]
    return Problem(403, "security:authorization", "Authorization Denied", detail, errors=errors)


def stale() -> Problem:
    detail = "The item has been modified by another user."
    return Problem(412, "optimistic-lock-failed", "Optimistic Lock Failed", detail)


def method_not_allowed() -> Problem:
    return Problem(405, "method-not-allowed", "Method Not Allowed", "The request construction was invalid.")


def outage(status: int) -> Problem:
    return Problem(status, "system", "System Error", "An unexpected problem has occurred.")
