"""How surely somebody is who they say: by which factors, and how long ago, as the session remembers it."""

import time
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.models import Authenticator
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import user_login_failed
from django.http import HttpRequest
from django.utils import timezone

from journal.actions import record
from security.holdings import given_by, holdings_of
from security.models import Assignment
from security.refusals import NotAllowed
from security.rules.roles import GOVERNS_ACCESS, Permission

REQUIRED, OFFERED = "required", "offered"
# Who governs access also gives passwords, or names who does: one factor there would undo all others. Support
# is let in to read.
NEEDS_TWO = GOVERNS_ACCESS | {Permission.VIEW_STUDENTS, Permission.ASK_SUPPORT_ACCESS}
BY_PROGRAM = (
    "This needs you in person: open the page and confirm there that it is you. A program or an old sign-in"
    " cannot do it."
)


def shown(request: HttpRequest) -> list[dict[str, Any]]:
    """The factors shown in this session, newest last; none for a token."""
    return [] if getattr(request, "token", None) else get_authentication_records(request, request.user)


def has_second_factor(user: Any) -> bool:
    """An authenticator app or a security key; recovery codes alone are none."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    return Authenticator.objects.filter(user=user, type__in=kinds).exists()


def used_second_factor(request: HttpRequest) -> bool:
    """In this session, here or at the state's single sign-on; for a token, when it was made."""
    if token := getattr(request, "token", None):
        return token.second_factor
    return any(row["method"] == "mfa" or row.get("strong") for row in shown(request))


def needs_second_factor(request: HttpRequest) -> bool:
    """Whoever may see a student does, or decide who may, unless it is only offered (ESER_SECOND_FACTOR)."""
    if settings.ESER_SECOND_FACTOR != REQUIRED or used_second_factor(request):
        return False
    return not NEEDS_TWO.isdisjoint(holdings_of(request.user).anywhere)


def will_need_second_factor(user: Any) -> bool:
    """At the next sign-in, by the roles that have not ended; whether or not the assurance is signed."""
    roles = Assignment.objects.unended(timezone.now()).filter(user=user)
    return settings.ESER_SECOND_FACTOR == REQUIRED and any(NEEDS_TWO & given_by(row) for row in roles)


def is_fresh(request: HttpRequest) -> bool:
    """Was some factor shown within the last ESER_SURE_FOR seconds? A token has none to show."""
    rows = shown(request)
    return bool(rows) and time.time() - rows[-1]["at"] < settings.ESER_SURE_FOR


def check_surely(request: HttpRequest) -> None:
    """For the API, which cannot ask. Raises NotAllowed."""
    if not is_fresh(request):
        raise NotAllowed(BY_PROGRAM)


def remember(request: HttpRequest, method: str, **details: Any) -> None:
    """`method`: password, mfa, socialaccount."""
    record_authentication(request, request.user, method, **details)


def is_locked_out(request: HttpRequest, user: Any) -> bool:
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def count_failure(request: HttpRequest, user: Any) -> None:
    """A wrong code or key counts as a wrong password does: after some the account is locked."""
    record("SECOND_FACTOR_FAILED", "A wrong code or key was given", by=user)
    user_login_failed.send(sender=__name__, credentials={"username": user.get_username()}, request=request)
