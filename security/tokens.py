"""A program signs in with a token in the header: `Authorization: Bearer eser_…`, at the API alone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from security.middleware import note_refused_write
from security.models import ApiToken

SCHEME = "bearer "
USED_AGAIN = timedelta(minutes=1)
UNKNOWN = "This token is unknown, ended or expired. Its owner can make a new one under My account."
READS_ONLY = "This token reads only. For this, its owner can make one that writes, under My account."


class TokenSignsIn:
    """Sets the user and `request.token`, so that scope and gates are those of every request."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.token = None
        if not (plain := _sent(request)):
            return self.get_response(request)
        token = ApiToken.objects.in_force().named(plain).select_related("user").first()
        if token is None:
            return _refused(401, UNKNOWN)
        if not token.may(request.method):
            answer = _refused(403, READS_ONLY)
            note_refused_write(request, answer, token.user)
            return answer
        _note_use(token)
        request.user, request.token = token.user, token
        return self.get_response(request)


class ByToken(BaseAuthentication):
    """Hands on to the API whom the middleware has let in; without a token the session is asked."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = getattr(request._request, "token", None)
        return (token.user, token) if token else None


def _sent(request: HttpRequest) -> str:
    header = request.headers.get("Authorization", "")
    is_token = request.path.startswith("/api/") and header.lower().startswith(SCHEME)
    return header[len(SCHEME) :].strip() if is_token else ""


def _refused(status: int, sentence: str) -> HttpResponse:
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    return JsonResponse({"detail": sentence}, status=status, headers=headers)


def _note_use(token: ApiToken) -> None:
    """To the minute: a program that asks often is not to write as often."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= USED_AGAIN:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
