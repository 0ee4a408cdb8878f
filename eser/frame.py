"""What the frame of every page shows for this person: navigation, place, role and session clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from jobs.news import ended_since_seen
from rulebook.tables import read_table
from security.holdings import holdings_of
from security.kept_words import keep_key_of
from security.middleware import RENEWS_ITSELF
from security.models import Assignment
from security.rules.roles import Permission
from ui.context import NavigationItem


@dataclass(frozen=True)
class Entry:
    """A row of navigation.csv. `permissions`: any one of them is enough, none: everybody.

    `pages`: the apps, or single pages by name, at which the entry is the current one.
    """

    label: str
    url: str
    pages: tuple[str, ...]
    permissions: tuple[str, ...]
    authority: str


@cache
def entries() -> tuple[Entry, ...]:
    return read_table(Path(__file__).with_name("navigation.csv"), Entry)


class Frame:
    """Sets what `ui.context` reads, in the time zone of the person's place."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.user.is_authenticated:
            return self.get_response(request)
        main = holdings_of(request.user).main
        request.signed_in_until = until_when(request)
        request.navigation = SimpleLazyObject(lambda: navigation(request))
        request.place_name = place_of(main)
        request.role_name = request.user.main_role
        request.finds_students = Permission.VIEW_STUDENTS in holdings_of(request.user).anywhere
        request.keep_key = keep_key_of(request.user)
        request.unread_notices = holdings_of(request.user).unread
        request.view_only = holdings_of(request.user).view_only
        with timezone.override(ZoneInfo(settings.TIME_ZONE)):
            response = self.get_response(request)
        if request.signed_in_until:
            stay_signed_in(request, response)
        return response


def until_when(request: HttpRequest) -> datetime | None:
    """The end of the session after this request; None for a program, which has none."""
    if request.token:
        return None
    return request.session.moves_to if request.session.is_due else request.session.until


def stay_signed_in(request: HttpRequest, response: HttpResponse) -> None:
    """What a person does moves the end of the session; a part of a page that renews itself does not."""
    if RENEWS_ITSELF in request.headers:
        request.session.modified = False
        return
    request.session.modified = request.session.modified or request.session.is_due
    response.headers["X-Signed-In-Until"] = request.signed_in_until.isoformat(timespec="seconds")


def place_of(assignment: Assignment | None) -> str:
    if not assignment:
        return ""
    return str(assignment.district or assignment.site or "Statewide")


def navigation(request: HttpRequest) -> tuple[NavigationItem, ...]:
    held = holdings_of(request.user).anywhere
    shown = [entry for entry in entries() if not entry.permissions or held & set(entry.permissions)]
    current = _current(request, shown)
    items = ((entry, _address(entry.url)) for entry in shown)
    return tuple(
        NavigationItem(address, entry.label, entry is current, _news(request, entry))
        for entry, address in items
        if address
    )


def _news(request: HttpRequest, entry: Entry) -> int:
    return ended_since_seen(request.user.pk, request.session) if entry.url == "jobs:list" else 0


def _current(request: HttpRequest, shown: list[Entry]) -> Entry | None:
    """The entry that names this page, else the one that names its app."""
    match = request.resolver_match
    here = (match.view_name, match.app_name) if match else ()
    return next((entry for name in here for entry in shown if name in entry.pages), None)


@cache
def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
