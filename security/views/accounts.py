"""A coordinator keeps the accounts of the district: new passwords, lost second factors, open sessions."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from organizations.models import District, SiteAffiliation
from security import access
from security.access.requests import looks_after_the_state
from security.actions import accounts as verbs
from security.actions.new_account import make_account
from security.forms.people import NewAccountForm
from security.forms.signing_in import ReasonForm
from security.holdings import holdings_of
from security.models import Assignment, Session, User
from security.refusals import NotAllowed, RuleBroken
from security.rules.roles import Permission
from security.strength import has_second_factor
from security.views.reauthentication import sure_it_is_you

DEEDS: dict[str, tuple[str, str, Callable, Callable]] = {
    "password": (
        "Give a new password",
        "It works for one sign-in within 24 hours, which chooses another. The second factor stays as it is;"
        " sessions and tokens end now.",
        verbs.give_password,
        verbs.why_not_give_password,
    ),
    "second-factor": (
        "Reset the second factor",
        "For a lost phone or key. The next sign-in sets up a new one; sessions and tokens end now.",
        verbs.reset_second_factor,
        access.why_not_let_in_anew,
    ),
    "sign-out": (
        "Sign out everywhere",
        "Every session of this person ends now. They can sign in again.",
        verbs.sign_out_everywhere,
        access.why_not_keep_account,
    ),
    "close": (
        "Close the account",
        "Nobody signs in with it any more; sessions and tokens end now. Its roles are kept and do not count.",
        verbs.close_account,
        verbs.why_not_close_account,
    ),
    "open": (
        "Open the account again",
        "The person can sign in as before, with the roles that have not ended meanwhile.",
        verbs.open_account,
        access.why_not_let_in_anew,
    ),
}
ONLY_OPEN, ONLY_CLOSED = ("password", "second-factor", "sign-out", "close"), ("open",)


@require_GET
def accounts(request: HttpRequest) -> HttpResponse:
    """Those whose accounts this coordinator keeps, found by name or username."""
    asked = request.GET.get("q", "").replace("\x00", "").strip()[:80]
    rows = _kept_by(request.user).order_by("last_name", "first_name", "pk")
    for word in asked.split()[:5]:
        named = Q(last_name__icontains=word) | Q(first_name__icontains=word)
        rows = rows.filter(named | Q(username__icontains=word))
    context = {"rows": rows.select_related("district")[:50], "q": asked}
    return render(request, "security/accounts.html", context)


@sure_it_is_you
def new_account(request: HttpRequest) -> HttpResponse:
    """The password is in the answer and nowhere else. Only who keeps accounts finds this page."""
    _kept_by(request.user)
    districts, statewide = districts_kept_by(request.user), looks_after_the_state(request.user)
    form = NewAccountForm(request.POST or None, districts=districts, for_the_state=statewide)
    if request.method == "POST" and form.is_valid():
        try:
            user, plain = make_account(by=request.user, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            context = {"person_shown": user, "plain": plain, "is_new": True}
            return render(request, "security/password_given.html", context)
    return render(request, "security/new_account.html", {"form": form}, status=400 if form.errors else 200)


@require_GET
def kept_account(request: HttpRequest, pk: int) -> HttpResponse:
    found = _find(request, pk)
    why_not = access.why_not_keep_account(request.user, found)
    context = {
        "person_shown": found,
        "why_not": why_not,
        "has_second_factor": has_second_factor(found),
        "sessions": Session.objects.none() if why_not else Session.objects.of(found).open(),
        "deeds": [_deed(request, found, name) for name in (ONLY_OPEN if found.is_active else ONLY_CLOSED)],
    }
    return render(request, "security/kept_account.html", context)


def _deed(request: HttpRequest, found: User, name: str) -> tuple[str, str, str, bool]:
    """Name, title, what it does or why not, and whether it may be done."""
    title, words, _, why_not = DEEDS[name]
    sentence = why_not(request.user, found)
    return name, title, sentence or words, sentence is None


@require_http_methods(["GET", "POST"])
@sure_it_is_you
def keep(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    found = _find(request, pk)
    title, words, verb, why_not = DEEDS[deed]
    if sentence := why_not(request.user, found):
        raise NotAllowed(sentence)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            plain = verb(by=request.user, user=found, **form.cleaned_data)
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            return _done(request, found, deed, title, plain)
    context = {"form": form, "person_shown": found, "title": title, "words": words}
    return render(request, "security/person_deed.html", context, status=400 if form.errors else 200)


def _done(request: HttpRequest, found: User, deed: str, title: str, plain: object) -> HttpResponse:
    if deed == "password":
        context = {"person_shown": found, "plain": plain, "has_second_factor": has_second_factor(found)}
        return render(request, "security/password_given.html", context)
    messages.success(request, f"Done for {found}: {title.lower()}. They will be told at their next sign-in.")
    return redirect("security:kept_account", found.pk)


def _find(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(_kept_by(request.user), pk=pk)


def districts_kept_by(user: User):
    rows = District.objects.order_by("name")
    if looks_after_the_state(user):
        return rows
    return rows.filter(pk__in=holdings_of(user).districts.get(Permission.GRANT_ACCESS.value, ()))


def _kept_by(user: User):
    """404 for whoever keeps no accounts; a district's coordinator finds its people alone."""
    held = holdings_of(user)
    permission = Permission.GRANT_ACCESS.value
    if permission in held.statewide:
        return User.objects.all()
    districts = held.districts.get(permission, frozenset())
    if not districts:
        raise Http404
    own = Q(district__in=districts) | Q(site__district__in=districts)
    overseen = SiteAffiliation.objects.on(timezone.localdate()).filter(district__in=districts)
    roles = Assignment.objects.filter(own | Q(site__in=overseen.values("site")))
    return User.objects.filter(Q(district__in=districts) | Q(pk__in=roles.values("user")))
