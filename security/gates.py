"""What must be in order before anything else opens: one's own password, a second factor, the assurance."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse

from security.holdings import holdings_of
from security.strength import needs_second_factor
from ui.views import wants_json

MARK = "stays_open"
# What shows no student, and so is open before the assurance is signed: whole apps, and single addresses.
SHOWS_NO_STUDENT = {"security", "rulebook", "ui"}
SHOWS_NO_STUDENT_EITHER = ("healthz", "api:schema", "api:access-request-", "mfa_", "openid_connect_")


def stays_open(view: Callable) -> Callable:
    """This page opens before all is in order: putting it in order, signing out, help."""
    setattr(view, MARK, True)
    return view


def is_open(view: Callable) -> bool:
    """Also what needs no sign-in, except the API: it says so too, since it asks for the sign-in itself."""
    needs_none = not getattr(view, "login_required", True) and not hasattr(view, "cls")
    return needs_none or getattr(view, MARK, False)


def needs_own_password(request: HttpRequest, view: Callable) -> bool:
    return request.user.password_until is not None and not is_open(view)


def needs_another_factor(request: HttpRequest, view: Callable) -> bool:
    return not is_open(view) and needs_second_factor(request)


def needs_signature(request: HttpRequest, view: Callable) -> bool:
    """Unsigned, only what shows no student is open (SEC-04)."""
    match = request.resolver_match
    if match.app_name in SHOWS_NO_STUDENT or match.view_name.startswith(SHOWS_NO_STUDENT_EITHER):
        return False
    return bool(holdings_of(request.user).unsigned)


@dataclass(frozen=True)
class Gate:
    """`is_shut(request, view)`; `page` is where it is put in order; `and_back` to what was asked for."""

    is_shut: Callable[[HttpRequest, Callable], bool]
    page: str
    sentence: str
    and_back: bool = False


GATES = (
    Gate(
        needs_own_password,
        "security:change_password",
        "Choose a password of your own first. The one that you were given is for one sign-in.",
    ),
    Gate(
        needs_another_factor,
        "mfa_index",
        "Set up a second factor for your account first: whoever can see students, or decide who can,"
        " signs in with two.",
    ),
    Gate(
        needs_signature,
        "security:assurance",
        "You have not signed the confidentiality assurance for this period, so no student is shown."
        " Sign it first: your access itself is kept.",
        and_back=True,
    ),
)


class GettingIn:
    """Leads to the first gate that is shut; programs and parts of a page are told in words."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Callable, args, kwargs) -> HttpResponse | None:
        if not request.user.is_authenticated:
            return None
        shut = next((gate for gate in GATES if gate.is_shut(request, view)), None)
        return _led_to(request, shut) if shut else None


def _led_to(request: HttpRequest, gate: Gate) -> HttpResponse:
    page = reverse(gate.page)
    if wants_json(request):
        return JsonResponse({"detail": gate.sentence, "page": page}, status=HTTPStatus.FORBIDDEN)
    asked_from = request.htmx.current_url_abs_path if request.htmx else request.get_full_path()
    if gate.and_back and request.method == "GET" and asked_from:
        page += "?" + urlencode({"next": asked_from})
    if request.htmx:
        return HttpResponse(status=HTTPStatus.FORBIDDEN, headers={"HX-Redirect": page})
    return redirect(page)
