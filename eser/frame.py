"""What the frame of every page shows for this person: navigation, place, role and session clock."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from rulebook.tables import read_table
from security.access import permissions_anywhere
from security.models import Assignment
from security.rules.roles import Role, row_of
from ui.context import NavigationItem


@dataclass(frozen=True)
class Entry:
    """A row of navigation.csv; `permissions` empty: everybody. Any one of several is enough."""

    label: str
    url: str
    app: str
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
        main = SimpleLazyObject(lambda: main_assignment(request.user))
        until = timezone.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE)
        request.signed_in_until = until
        request.navigation = SimpleLazyObject(lambda: navigation(request))
        request.place_name = SimpleLazyObject(lambda: place_of(main))
        request.role_name = SimpleLazyObject(lambda: row_of(Role(main.role)).short if main else "")
        with timezone.override(ZoneInfo(settings.TIME_ZONE)):
            response = self.get_response(request)
        response.headers["X-Signed-In-Until"] = until.isoformat(timespec="seconds")
        return response


def main_assignment(user) -> Assignment | None:
    """The first role in force: the one that the header names."""
    in_force = Assignment.objects.on(timezone.localdate()).filter(user=user)
    return in_force.select_related("district", "site").order_by("first_day", "pk").first()


def place_of(assignment: Assignment | None) -> str:
    if not assignment:
        return ""
    return str(assignment.district or assignment.site or "Statewide")


def navigation(request: HttpRequest) -> tuple[NavigationItem, ...]:
    held = permissions_anywhere(request.user)
    shown = [entry for entry in entries() if not entry.permissions or held & set(entry.permissions)]
    here = request.resolver_match.app_name if request.resolver_match else ""
    items = ((entry, _address(entry.url)) for entry in shown)
    return tuple(
        NavigationItem(address, entry.label, current=here == entry.app) for entry, address in items if address
    )


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
