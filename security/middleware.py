"""Every request runs in one transaction that carries its user's scope; nothing of it is cached.

A refused write leaves a line in the journal.
"""

import json
import uuid
from collections.abc import Callable
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import DatabaseError, transaction
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import resolve_url
from django.utils.cache import add_never_cache_headers
from django.utils.http import url_has_allowed_host_and_scheme

from journal.actions import record
from security.device import address_of, device_of
from security.models import User
from security.scope import enter_as, system
from security.view_only import refusal_in
from ui.views import view_only

SIGNED_OUT = "You are signed out. Sign in again: what you typed is kept on this page."
RENEWS_ITSELF = "X-Renews-Itself"  # a part of a page asks again and again, without the person
READS = ("GET", "HEAD", "OPTIONS")
Answer = Callable[[HttpRequest], HttpResponse]


class Sessions(SessionMiddleware):
    """Every session knows the device and the address that it was last used from."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.session.device, request.session.address = device_of(request), address_of(request)


class NothingIsCached:
    """Pages hold education records: no browser and no proxy may keep them."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not response.has_header("Cache-Control"):
            add_never_cache_headers(response)
        return response


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a sign-in unless its view says otherwise. Scripts get a 401 that names the way in."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable) -> HttpResponse:
        if RENEWS_ITSELF in request.headers:
            return HttpResponse(status=401)  # the page stays: somebody may be typing in it
        if request.htmx:
            page = request.htmx.current_url_abs_path
            back = "?" + urlencode({"next": page}) if page else ""
            return HttpResponse(status=401, headers={"HX-Redirect": resolve_url(settings.LOGIN_URL) + back})
        if "application/json" in request.headers.get("Accept", ""):
            return JsonResponse({"detail": SIGNED_OUT}, status=401)
        if request.method not in READS:
            return redirect_to_login(_page_with_the_form(request))
        return super().handle_no_permission(request, view_func)


def _page_with_the_form(request: HttpRequest) -> str:
    """Where the button was: what it sends to is often no page of its own."""
    sent_from = request.headers.get("Referer", "")
    here = url_has_allowed_host_and_scheme(sent_from, request.get_host(), require_https=request.is_secure())
    page = urlsplit(sent_from)
    return urlunsplit(("", "", page.path, page.query, "")) if here else request.get_full_path()


class ScopedTransaction:
    """Opens the transaction of the request and sets whose records it may see, and who is writing why."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        person = request.user  # the API may put nobody in their place, for want of a token
        try:
            response = self._in_transaction(request, person)
        except DatabaseError as late:  # begun in time, committed too late
            request.refusal = refusal_in(late)
            if not request.refusal:
                raise
        if request.refusal:
            response = view_only(request, request.refusal)
        note_refused_write(request, response, person)
        return response

    def _in_transaction(self, request: HttpRequest, person: User) -> HttpResponse:
        request.failed, request.refusal = False, ""
        with transaction.atomic():
            enter_as(person, writer_of(request))
            response = self.get_response(request)
            if request.failed:
                transaction.set_rollback(True)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """What view-only mode refuses is told after the transaction: the page asks the database too."""
        request.failed, request.refusal = True, refusal_in(exception)
        return HttpResponse(status=HTTPStatus.LOCKED) if request.refusal else None


def note_refused_write(request: HttpRequest, response: HttpResponse, by: User) -> None:
    """Who tried to write what they may not (SEC-21), in a transaction of its own: nothing else was kept."""
    if request.method in READS or response.status_code != HTTPStatus.FORBIDDEN:
        return
    match = request.resolver_match
    what = match.view_name if match else request.path
    with system():
        record("WRITE_REFUSED", f"refused: {request.method} {what}", by=by, view=what)


def writer_of(request: HttpRequest) -> dict[str, str]:
    """History triggers keep who and where; the address without its query, which could hold a name."""
    context = {"user": request.user.pk, "url": request.path}
    return {"pghistory.context_id": str(uuid.uuid4()), "pghistory.context_metadata": json.dumps(context)}
