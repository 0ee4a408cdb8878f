"""How the API reads what is sent and says no: the same sentences as the pages."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework import status
from rest_framework.exceptions import ParseError, PermissionDenied, Throttled, ValidationError
from rest_framework.parsers import JSONParser
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import exception_handler, set_rollback

from security.refusals import NotAllowed, RuleBroken, Unreachable

STATUS = {
    RuleBroken: status.HTTP_400_BAD_REQUEST,
    NotAllowed: status.HTTP_403_FORBIDDEN,
    Unreachable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


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
    """What was sent, when it is valid. Raises ValidationError, also for fields that the serializer lacks."""
    serializer.is_valid(raise_exception=True)
    if unknown := sorted(name[:40] for name in serializer.initial_data if name not in serializer.fields):
        raise ValidationError({name: ["There is no such field. Check its spelling."] for name in unknown})
    return serializer.validated_data


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
