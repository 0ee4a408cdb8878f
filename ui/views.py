"""Error pages with a reference for the help desk, the accessibility statement, and the gallery.

`eser/urls.py` names the handlers: `handler400 = "ui.views.bad_request"`, 403 `refused`, 404 `not_found`,
500 `server_error`. The others are called by whoever notices: `locked_out`, `view_only`, `unavailable`.
"""

import secrets
from collections.abc import Sequence

import structlog
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.csrf import requires_csrf_token

from ui import sample
from ui.parts import Way

log = structlog.get_logger(__name__)

REFERENCE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
PIECE = 64 * 1024  # bytes
MOST_PIECES = 1024
TEXT_IS_KEPT = Way(
    "Your text is still in your browser.",
    "Go back with the browser's Back button: what you typed is there.",
    icon="arrow_back",
)


def new_reference() -> str:
    """Names one failure to the help desk, without saying anything about it: "7F3K-29Q"."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(7))
    return f"{letters[:4]}-{letters[4:]}"


def wants_json(request: HttpRequest) -> bool:
    """Programs get the sentence without a page around it."""
    return request.path.startswith("/api/") or "application/json" in request.headers.get("Accept", "")


def trouble(
    request: HttpRequest,
    code: int,
    sentence: str,
    detail: str = "",
    *,
    ways: Sequence[Way] = (),
    template: str = "",
) -> HttpResponse:
    """The error page, or a notice for a part of a page. Logs reference and view, no personal data."""
    reference = new_reference()
    view = request.resolver_match.view_name if request.resolver_match else ""
    log.warning("page_refused", reference=reference, status=code, view=view)
    context = {"sentence": sentence, "detail": detail, "ways": ways, "reference": reference}
    if wants_json(request):
        return JsonResponse({"detail": f"{sentence} {detail}".strip(), "reference": reference}, status=code)
    if request.headers.get("HX-Request"):
        return render(request, "ui/trouble.html", context, status=code)
    return render(request, template or f"{code}.html", context, status=code)


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, RequestDataTooBig):
        return too_large(request)
    return trouble(
        request,
        400,
        "This request could not be read.",
        "The address or what was sent with it is damaged.",
        ways=[TEXT_IS_KEPT],
    )


@requires_csrf_token
def refused(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403. The message of the exception is the sentence; it may carry `ways` and `detail`."""
    sentence = str(exception or "") or "You may not do this with the access you have."
    ways = getattr(exception, "ways", None) or [
        Way(
            "Should this be your work?",
            "Ask your security coordinator, who knows who gives the role.",
            icon="people",
        ),
        Way("Go back.", "The page before is unchanged.", icon="arrow_back"),
    ]
    return trouble(request, 403, sentence, getattr(exception, "detail", ""), ways=ways)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return trouble(
        request,
        404,
        "There is nothing here that you can open.",
        "The address may be wrong, or what it names is outside your districts and schools.",
        ways=[
            Way(
                "Search for it.",
                "Find a student by name, birth date or any ID, at the top of this page.",
                icon="search",
            ),
            Way(
                "Ask who can see it.",
                "Your security coordinator can tell, and grant access where it is due.",
                icon="people",
            ),
        ],
    )


def only_by_a_form(request: HttpRequest) -> HttpResponse:
    """405: an address that a button sends to was opened as if it were a page."""
    back = Way("Go back.", "The page with the button is where it was.", icon="arrow_back")
    sentence = "This address is no page: a form sends to it."
    return trouble(request, 405, sentence, "Nothing was done.", ways=[back])


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return trouble(
        request,
        403,
        "This page had expired, so nothing was sent.",
        "It was open for a long time, or you signed in again in another window.",
        ways=[TEXT_IS_KEPT, Way("Then reload and send again.", "Copy a long text first.", icon="autorenew")],
        template="403_csrf.html",
    )


def too_large(request: HttpRequest, limit: str = "") -> HttpResponse:
    """`limit` in words, such as "25 MB"."""
    take_the_rest(request)
    detail = (
        f"At most {limit} can be sent at once." if limit else "More was sent at once than the system takes."
    )
    return trouble(request, 413, "This is too large to send.", detail, ways=[TEXT_IS_KEPT])


def take_the_rest(request: HttpRequest) -> None:
    """A browser that is cut off while it sends shows no answer, so up to 64 MB are read and thrown away."""
    try:
        for _ in range(MOST_PIECES):
            if not request.read(PIECE):
                return
    except UnreadablePostError:
        return


def view_only(
    request: HttpRequest, sentence: str, detail: str = "", ways: Sequence[Way] = ()
) -> HttpResponse:
    """423: the system, the year or the record can be read but not changed."""
    return trouble(request, 423, sentence, detail, ways=ways or [TEXT_IS_KEPT])


def locked_out(request: HttpRequest, wait: str = "15 minutes") -> HttpResponse:
    """429: too many failed sign-ins. Says nothing about whether the account exists."""
    ways = [
        Way("Wait, then try again.", f"Sign-in opens again after {wait}.", icon="hourglass_empty"),
        Way("Ask the help desk.", "They can unlock the account and set a new password.", icon="people"),
    ]
    return trouble(
        request, 429, "Too many sign-ins failed, so this account is locked for a while.", ways=ways
    )


def too_many_tries(request: HttpRequest) -> HttpResponse:
    """429: so many sign-ins from one network that none is looked at for now; no account is locked by it."""
    ways = [Way("Wait a few minutes, then try again.", "No account is locked.", icon="hourglass_empty")]
    return trouble(request, 429, "Too many sign-ins were tried from this network.", ways=ways)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, without database, session or context processors: any of them may be what failed."""
    return _bare(request, 500, "This did not work, and it is not your fault.")


def unavailable(request: HttpRequest) -> HttpResponse:
    """503: the database or another service is away."""
    response = _bare(request, 503, "The system is not available at the moment.")
    response["Retry-After"] = "60"
    return response


def _bare(request: HttpRequest, code: int, sentence: str) -> HttpResponse:
    context = {"sentence": sentence, "reference": new_reference()}
    log.error("page_failed", reference=context["reference"], status=code)
    if wants_json(request):
        return JsonResponse({"detail": sentence, "reference": context["reference"]}, status=code)
    part = request.headers.get("HX-Request")
    return HttpResponse(render_to_string("ui/trouble.html" if part else f"{code}.html", context), status=code)


@login_not_required
def accessibility(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/accessibility.html")


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component with made-up data; for tests and for people who build pages."""
    return render(request, "ui/gallery.html", sample.everything(request))
