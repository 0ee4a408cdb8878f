"""What every page shows around its content, read from attributes that others set on the request."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest


@dataclass(frozen=True)
class NavigationItem:
    """An entry of the main navigation. `news`: how many things there ended since they were looked at."""

    url: str
    label: str
    current: bool = False
    news: int = 0


@dataclass(frozen=True)
class Person:
    """Who is signed in, as the header names them."""

    name: str
    role: str = ""

    @property
    def initials(self) -> str:
        words = [word for word in self.name.split() if word[0].isalpha()]
        return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def frame(request: HttpRequest) -> dict[str, object]:
    """Reads `request.navigation`, `.place_name`, `.role_name`, `.signed_in_until`, `.unread_notices`,
    `.keep_key` and `.view_only`.

    All are optional. `keep_key` encrypts what the browser keeps for this person. `view_only` is the sentence
    that says why nothing can be changed; `finds_students`, when False, takes the search box away.
    """
    return {
        "navigation": getattr(request, "navigation", ()),
        "unread_notices": getattr(request, "unread_notices", 0),
        "finds_students": getattr(request, "finds_students", True),
        "place_name": getattr(request, "place_name", ""),
        "signed_in_until": getattr(request, "signed_in_until", None),
        "keep_key": getattr(request, "keep_key", ""),
        "view_only": getattr(request, "view_only", ""),
        "help_desk": getattr(settings, "HELP_DESK", ""),
        "person": _person(request),
    }


def _person(request: HttpRequest) -> Person | None:
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    name = user.get_full_name() or user.get_username()
    return Person(name, getattr(request, "role_name", ""))
