"""How the API says no: the same sentences as the pages."""

from typing import Any

from rest_framework import status
from rest_framework.response import Response
from rest_framework.views import exception_handler, set_rollback

from security.refusals import NotAllowed, RuleBroken, Unreachable

STATUS = {
    RuleBroken: status.HTTP_400_BAD_REQUEST,
    NotAllowed: status.HTTP_403_FORBIDDEN,
    Unreachable: status.HTTP_503_SERVICE_UNAVAILABLE,
}


def say_why(exception: Exception, context: dict[str, Any]) -> Response | None:
    """Translate the three kinds of trouble; everything else is the framework's."""
    for kind, code in STATUS.items():
        if isinstance(exception, kind):
            set_rollback()
            return Response(
                {"detail": str(exception), "field": getattr(exception, "field", None)}, status=code
            )
    return exception_handler(exception, context)
