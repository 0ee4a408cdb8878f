"""The second factor: asked for at sign-in, set up, renewed and taken away by its owner."""

from allauth.mfa.base.views import AuthenticateView
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.views import ActivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from journal.actions import record
from security.actions.sessions import end_sessions
from security.forms.signing_in import CodeForm, FirstCodeForm
from security.strength import (
    REQUIRED,
    count_failure,
    has_second_factor,
    is_locked_out,
    needs_second_factor,
    remember,
)
from security.views.reauthentication import sure_class, sure_it_is_you
from security.views.session import locked_out

SHOW_CODES = "recovery_codes_to_show"
LAST_ONE = "This is your only second factor, and you need one. Set up another first, then take this one away."
NAMES = {Authenticator.Type.TOTP: "an authenticator app", Authenticator.Type.WEBAUTHN: "a security key"}


class AskSecondFactor(AuthenticateView):
    """The step after the password."""

    template_name = "security/second_factor_asked.html"
    form_class = CodeForm

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if is_locked_out(request, self.stage.login.user):
            return locked_out(request, {"username": self.stage.login.user.username})
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs) -> dict:
        keys = Authenticator.objects.filter(user=self.stage.login.user, type=Authenticator.Type.WEBAUTHN)
        return {**super().get_context_data(**kwargs), "has_key": keys.exists()}

    def form_invalid(self, form) -> HttpResponse:
        count_failure(self.request, self.stage.login.user)
        return super().form_invalid(form)


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """What this person has, and what can be added."""
    rows = list(Authenticator.objects.filter(user=request.user).order_by("created_at"))
    codes = next((row for row in rows if row.type == Authenticator.Type.RECOVERY_CODES), None)
    context = {
        "apps": [row for row in rows if row.type == Authenticator.Type.TOTP],
        "keys": [(row, row.wrap().name) for row in rows if row.type == Authenticator.Type.WEBAUTHN],
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else None,
        "is_needed": needs_second_factor(request),
    }
    return render(request, "security/second_factor.html", context)


class _SetUp:
    """What follows when a factor is set up: it counts for this session, and other sessions end."""

    def get_success_url(self) -> str:
        return reverse("mfa_index")

    def form_valid(self, form) -> HttpResponse:
        super().form_valid(form)
        request = self.request
        remember(request, "mfa", type=self.kind, reauthenticated=True)
        words = NAMES[self.kind]
        record("SECOND_FACTOR_SET_UP", f"Set up {words} as second factor", by=request.user)
        end_sessions(
            request.user, by=request.user, reason="second factor set up", keep=request.session.session_key
        )
        messages.success(request, f"You have set up {words}. Your other sessions are signed out.")
        return codes_page(request) if self.did_generate_recovery_codes else redirect("mfa_index")


@sure_class
class AddApp(_SetUp, ActivateTOTPView):
    template_name = "security/second_factor_app.html"
    form_class = FirstCodeForm
    kind = Authenticator.Type.TOTP


@sure_class
class AddKey(_SetUp, AddWebAuthnView):
    template_name = "security/second_factor_key.html"
    kind = Authenticator.Type.WEBAUTHN


@sure_it_is_you
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    factor = get_object_or_404(Authenticator, pk=pk, user=request.user, type__in=kinds)
    why_not = why_not_remove(request, factor)
    if request.method != "POST" or why_not:
        context = {"what": NAMES[factor.type], "why_not": why_not}
        return render(request, "security/second_factor_remove.html", context, status=400 if why_not else 200)
    factor.delete()
    if not has_second_factor(request.user):
        Authenticator.objects.filter(user=request.user).delete()
    record("SECOND_FACTOR_REMOVED", f"Removed {NAMES[factor.type]} as second factor", by=request.user)
    messages.success(request, f"You have removed {NAMES[factor.type]}.")
    return redirect("mfa_index")


def why_not_remove(request: HttpRequest, factor: Authenticator) -> str | None:
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    others = Authenticator.objects.filter(user=request.user, type__in=kinds).exclude(pk=factor.pk)
    return LAST_ONE if settings.ESER_SECOND_FACTOR == REQUIRED and not others.exists() else None


@require_POST
@sure_it_is_you
def new_codes(request: HttpRequest) -> HttpResponse:
    """The ones before do not work any more."""
    if not has_second_factor(request.user):
        return redirect("mfa_index")
    Authenticator.objects.filter(user=request.user, type=Authenticator.Type.RECOVERY_CODES).delete()
    RecoveryCodes.activate(request.user)
    record("RECOVERY_CODES_MADE", "Made new recovery codes", by=request.user)
    return codes_page(request)


def codes_page(request: HttpRequest) -> HttpResponse:
    """Shown in the answer itself, and never again."""
    codes = Authenticator.objects.get(user=request.user, type=Authenticator.Type.RECOVERY_CODES)
    return render(request, "security/recovery_codes.html", {"codes": codes.wrap().get_unused_codes()})
