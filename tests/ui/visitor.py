"""A visitor of the gallery without a server: a made-up person, and a browser that is served in process."""

import mimetypes
from collections.abc import Callable
from datetime import datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.test import RequestFactory
from django.utils import timezone
from playwright.sync_api import Page, Route

from ui import views
from ui.context import NavigationItem

ORIGIN = "http://eser.test"


class Visitor:
    """Stands for any signed-in person."""

    is_authenticated = True

    def get_full_name(self) -> str:
        return "Dana Mouton"


def request(path: str = "/", *, signed_in_until: datetime | None = None, **headers: str) -> HttpRequest:
    found = RequestFactory(headers=headers).get(path)
    found.user = Visitor()
    found.role_name, found.place_name = "Case manager", "Cypress Parish"
    found.signed_in_until = signed_in_until or timezone.now() + timedelta(minutes=30)
    found.navigation = [
        NavigationItem("/", "My work", current=True),
        NavigationItem("/students/", "Students"),
    ]
    found.resolver_match = None
    return found


def gallery() -> str:
    return views.gallery(request()).content.decode()


def policy() -> str:
    directives = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def serve(page: Page, html: str, answer: Callable[[Route], None] | None = None) -> None:
    """Answers the page: static files from the project, `/` with the HTML, the rest by `answer`."""

    def respond(route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN).partition("?")[0]
        if path.startswith(settings.STATIC_URL):
            found = finders.find(path.removeprefix(settings.STATIC_URL))
            route.fulfill(path=found, content_type=mimetypes.guess_type(found)[0])
        elif path == "/":
            headers = {"Content-Security-Policy": policy()}
            route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        elif answer:
            answer(route)
        else:
            route.fulfill(status=404)

    page.route("**/*", respond)
    page.goto(f"{ORIGIN}/")


class Elements(HTMLParser):
    """Every start tag with its attributes, and all text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def ids(self) -> list[str]:
        return [attrs["id"] for _, attrs in self.found if attrs.get("id")]

    def references(self) -> set[str]:
        """Ids that aria attributes and labels point to."""
        names = ("aria-describedby", "aria-labelledby", "aria-controls", "for")
        return {id for _, attrs in self.found for name in names for id in (attrs.get(name) or "").split()}

    def tagged(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for found, attrs in self.found if found == tag]


def project_templates() -> list[Path]:
    return sorted(settings.BASE_DIR.glob("*/templates/**/*.html"))
