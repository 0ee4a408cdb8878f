"""Signing in and out, staying signed in."""

from datetime import timedelta

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_POST

from journal.actions import record
from security.forms.signing_in import SignInForm
from security.models import User
from ui.views import locked_out as locked_out_page

WARNED = timedelta(minutes=3)  # the page warns two minutes before
LONGEST = (
    "You have been signed in for as long as one sign-in lasts. Save what you are writing; at the time shown"
    " you sign in again, and what you typed is kept."
)


class SignIn(LoginView):
    template_name = "security/sign_in.html"
    form_class = SignInForm

    def get_context_data(self, **kwargs) -> dict:
        context = super().get_context_data(**kwargs)
        context["was_inside"] = self.redirect_field_name in self.request.GET
        context["next"] = self.request.POST.get("next") or self.request.GET.get("next", "")
        context["sign_on"] = settings.ESER_OIDC["discovery"] and settings.ESER_OIDC["name"]
        return context


class SignOut(LogoutView):
    http_method_names = ["post"]

    def post(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        record("SIGNED_OUT", "Signed out", by=request.user)
        return super().post(request, *args, **kwargs)


def locked_out(request: HttpRequest, credentials: dict | None = None, *args, **kwargs) -> HttpResponse:
    """Called instead of the page while an account is locked after failures. Noted once for each lock."""
    username = str((credentials or {}).get("username") or request.POST.get("username", ""))
    user = request.user if request.user.is_authenticated else User.objects.filter(username=username).first()
    if user and cache.add(f"locked-out-{user.pk}", True, settings.AXES_COOLOFF_TIME * 3600):
        record("LOCKED_OUT", "Locked after repeated failures to sign in", by=user)
    return locked_out_page(request)


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """The request itself has moved the end of the session; the answer says to when, or that it stays."""
    until, ends = request.signed_in_until, request.session.ends
    said = {"until": until.isoformat(timespec="seconds")}
    if until >= ends and ends - timezone.now() < WARNED:
        return JsonResponse({**said, "detail": LONGEST}, status=409)
    return JsonResponse(said)
