"""What must be in order before anything else opens: a password of one's own, and a second factor."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from security.strength import needs_second_factor
from ui.views import wants_json

MARK = "stays_open"


@dataclass(frozen=True)
class Gate:
    """`page` is where it is put in order."""

    is_shut: Callable[[HttpRequest], bool]
    page: str
    sentence: str


GATES = (
    Gate(
        lambda request: request.user.password_until is not None,
        "security:change_password",
        "Choose a password of your own first. The one that you were given is for one sign-in.",
    ),
    Gate(
        needs_second_factor,
        "mfa_index",
        "Set up a second factor for your account first: whoever can see students signs in with two.",
    ),
)


def stays_open(view: Callable) -> Callable:
    """This page opens before all is in order: putting it in order, signing out, help."""
    setattr(view, MARK, True)
    return view


class GettingIn:
    """Leads to the first gate that is shut; programs and parts of a page are told in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated or is_open(view):
            return None
        shut = next((gate for gate in GATES if gate.is_shut(request)), None)
        return _led_to(request, shut) if shut else None


def is_open(view: Callable) -> bool:
    """Also what needs no sign-in, except the API: it says so too, since it asks for the sign-in itself."""
    needs_none = not getattr(view, "login_required", True) and not hasattr(view, "cls")
    return needs_none or getattr(view, MARK, False)


def _led_to(request: HttpRequest, gate: Gate) -> HttpResponse:
    if wants_json(request):
        return JsonResponse({"detail": gate.sentence}, status=403)
    if request.headers.get("HX-Request"):
        return HttpResponse(status=403, headers={"HX-Redirect": reverse(gate.page)})
    return redirect(gate.page)
