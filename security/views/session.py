"""Signing in and out, staying signed in, and the own account."""

from django.contrib import messages
from django.contrib.auth.views import LoginView, LogoutView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST

from journal.actions import record
from security.forms import SignInForm
from security.models import Assignment
from security.rules.roles import Role, row_of
from ui.views import locked_out as locked_out_page


class SignIn(LoginView):
    template_name = "security/sign_in.html"
    authentication_form = SignInForm
    redirect_authenticated_user = True

    def form_valid(self, form: SignInForm) -> HttpResponse:
        answer = super().form_valid(form)
        record("SIGNED_IN", "Signed in", by=self.request.user)
        return answer

    def get_context_data(self, **kwargs) -> dict:
        return super().get_context_data(**kwargs, was_inside=self.redirect_field_name in self.request.GET)


class SignOut(LogoutView):
    http_method_names = ["post"]


class ChangePassword(PasswordChangeView):
    template_name = "security/change_password.html"
    success_url = reverse_lazy("security:account")

    def form_valid(self, form) -> HttpResponse:
        record("PASSWORD_CHANGED", "Changed the own password", by=self.request.user)
        messages.success(self.request, "Your password is changed. Other sessions of yours are signed out.")
        return super().form_valid(form)


def locked_out(request: HttpRequest, credentials: dict | None = None, *args, **kwargs) -> HttpResponse:
    """Called instead of the sign-in page while an account is locked after repeated failures."""
    return locked_out_page(request)


@require_POST
def extend_session(request: HttpRequest) -> HttpResponse:
    """The request itself has moved the end of the session; the answer says to when."""
    return JsonResponse({"until": request.signed_in_until.isoformat(timespec="seconds")})


def account(request: HttpRequest) -> HttpResponse:
    held = (
        Assignment.objects.filter(user=request.user).select_related("district", "site").order_by("-first_day")
    )
    rows = [(assignment, row_of(Role(assignment.role))) for assignment in held]
    return render(request, "security/account.html", {"rows": rows})
