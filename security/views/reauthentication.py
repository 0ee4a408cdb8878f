"""Before a sensitive deed: sure it is you? Asked in place, and what was posted goes on with the answer."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.http import require_safe

from security.forms.sure import SureForm
from security.refusals import NotAllowed
from security.strength import BY_PROGRAM, is_fresh, is_locked_out
from security.views.session import locked_out

ASKED = "sure_of"  # present in what our question sends
WAITS = "sure_waits"  # in the session: what goes on after a sign-in elsewhere
OURS = (ASKED, "sure_password", "sure_code", "sure_credential", "csrfmiddlewaretoken")


def sure_it_is_you(view: Callable) -> Callable:
    """Asks before the view unless a factor was shown within ESER_SURE_FOR seconds. Carries no files."""

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return asked_again(request) or view(request, *args, **kwargs)

    return asked_first


sure_class = method_decorator(sure_it_is_you, name="dispatch")


def asked_again(request: HttpRequest) -> HttpResponse | None:
    """None when it is surely this person; else the page that asks. For the middle of a view."""
    if ASKED not in request.POST and is_fresh(request):
        request.session.pop(WAITS, None)  # what waited for this is going on
        return None
    if ASKED not in request.POST:
        return _question(request, SureForm(request))
    if is_locked_out(request, request.user):
        return locked_out(request)
    form = SureForm(request, request.POST)
    if not form.is_valid():
        return _question(request, form, 400)
    return redirect(request.get_full_path()) if request.POST[ASKED] == "GET" else None


@require_safe
def go_on(request: HttpRequest) -> HttpResponse:
    """Back from the state's sign-on: what waited goes on, with one button when it was posted."""
    waits = request.session.get(WAITS)
    if waits is None:
        return redirect("security:account")
    if not is_fresh(request):
        return _elsewhere(request, waits)
    if waits["asked"] == "GET":
        return redirect(waits["path"])
    return render(request, "security/go_on.html", waits)


def _question(request: HttpRequest, form: SureForm, status: int = 200) -> HttpResponse:
    if request.headers.get("HX-Request"):
        raise NotAllowed(BY_PROGRAM)
    asked, carried = request.POST.get(ASKED, request.method), list(_carried(request))
    if form.has_nothing_here:
        request.session[WAITS] = {"path": request.get_full_path(), "asked": asked, "carried": carried}
        return _elsewhere(request, request.session[WAITS])
    context = {"form": form, "carried": carried, "asked": asked, "key_options": _key_options(form)}
    return render(request, "security/sure_it_is_you.html", context, status=status)


def _elsewhere(request: HttpRequest, waits: dict[str, Any]) -> HttpResponse:
    """Single sign-on alone: the answer is given there, and what was typed waits here."""
    return render(request, "security/sure_elsewhere.html", {**waits, "sign_on": settings.ESER_OIDC["name"]})


def _carried(request: HttpRequest) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in request.POST.lists() if name not in OURS for value in values)


def _key_options(form: SureForm) -> dict[str, Any] | None:
    if not form.has_key:
        return None
    return {"request_options": begin_authentication(form.user)}
