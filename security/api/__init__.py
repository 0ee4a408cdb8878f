"""How the API reads what is sent and says no: the same sentences as the pages."""

from datetime import date
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import status
from rest_framework.exceptions import ParseError, PermissionDenied, Throttled, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import exception_handler, set_rollback

from security.refusals import NotAllowed, RuleBroken, Unreachable
from ui.dates import FIRST_YEAR, LAST_YEAR

STATUS = {
    RuleBroken: status.HTTP_400_BAD_REQUEST,
    NotAllowed: status.HTTP_403_FORBIDDEN,
    Unreachable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


YEARS = f"The year lies between {FIRST_YEAR} and {LAST_YEAR}."
NO_TOKEN = (
    "The request carries no valid CSRF token, so nothing was done."
    " Send the value of the csrftoken cookie in the header X-CSRFToken."
)


class TokenScheme(OpenApiAuthenticationExtension):
    """How the description of the API names a token."""

    target_class = "security.tokens.ByToken"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer"}


class BoundedJSONParser(JSONParser):
    """Text nested deeper than the interpreter can follow is the sender's mistake, not ours."""

    def parse(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().parse(*args, **kwargs)
        except RecursionError:
            raise ParseError("The JSON is nested too deeply. Send one object with plain values.") from None


def checked(serializer: Serializer) -> dict[str, Any]:
    """What was sent, when it is valid. Raises ValidationError, also for fields that the serializer lacks and
    for days that a page would not take: from some days no other can be counted.
    """
    serializer.is_valid(raise_exception=True)
    if unknown := sorted(name[:40] for name in serializer.initial_data if name not in serializer.fields):
        raise ValidationError({name: ["There is no such field. Check its spelling."] for name in unknown})
    sent = serializer.validated_data
    if far := [name for name, value in sent.items() if isinstance(value, date) and not is_known_year(value)]:
        raise ValidationError({name: [YEARS] for name in far})
    return sent


def is_known_year(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def say_why(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Translate the three kinds of trouble; everything else is the framework's."""
    for kind, code in STATUS.items():
        if isinstance(exception, kind):
            set_rollback()
            return Response(
                {"detail": str(exception), "field": getattr(exception, "field", None)}, status=code
            )
    if isinstance(exception, Throttled):
        wait = int(exception.wait or 60) + 1
        exception.detail = f"Too many requests: this is the limit of one minute. Go on in {wait} seconds."
    if isinstance(exception, PermissionDenied) and str(exception.detail).startswith("CSRF Failed"):
        exception = PermissionDenied(NO_TOKEN)
    return exception_handler(exception, context)
