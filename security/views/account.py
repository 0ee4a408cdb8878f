"""The own account: roles, password, sessions, tokens, and what others did to it."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_POST, require_safe

from journal.actions import record
from security.actions.sessions import end_session, end_sessions
from security.actions.tokens import end_token, make_token
from security.forms.signing_in import ChangePasswordForm, TokenForm
from security.models import ApiToken, Assignment, Session
from security.refusals import RuleBroken
from security.rules.roles import Role, row_of
from security.strength import has_second_factor, used_second_factor
from security.views.reauthentication import sure_it_is_you


@require_safe
def account(request: HttpRequest) -> HttpResponse:
    held = (
        Assignment.objects.filter(user=request.user).select_related("district", "site").order_by("-first_day")
    )
    context = {
        "rows": [(assignment, row_of(Role(assignment.role))) for assignment in held],
        "has_second_factor": has_second_factor(request.user),
        "notices": request.user.notices.about_the_account()[:10],
    }
    return render(request, "security/account.html", context)


class ChangePassword(PasswordChangeView):
    template_name = "security/change_password.html"
    form_class = ChangePasswordForm
    success_url = reverse_lazy("security:account")

    def get_form_kwargs(self) -> dict:
        kwargs = super().get_form_kwargs()
        del kwargs["user"]
        return {"request": self.request, **kwargs}

    def form_valid(self, form: ChangePasswordForm) -> HttpResponse:
        user, request = self.request.user, self.request
        user.password_until = None
        answer = super().form_valid(form)
        end_sessions(user, by=user, reason="password changed", keep=request.session.session_key)
        record("PASSWORD_CHANGED", "Changed the own password", by=user)
        messages.success(request, "Your password is changed. Other sessions of yours are signed out.")
        return answer


@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    rows = Session.objects.of(request.user).open()
    return render(request, "security/sessions.html", {"rows": rows, "here": request.session.session_key})


@require_POST
def end_own_session(request: HttpRequest) -> HttpResponse:
    """One of them, named by when it began and not by its key; or all others."""
    others = Session.objects.of(request.user).open().exclude(pk=request.session.session_key)
    if request.POST.get("which") == "others":
        n = end_sessions(
            request.user, by=request.user, reason="ended by the person", keep=request.session.session_key
        )
    else:
        chosen = [row for row in others if row.started_at.isoformat() == request.POST.get("which")]
        for row in chosen:
            end_session(row, by=request.user)
        n = len(chosen)
    messages.success(request, f"{n} session{'' if n == 1 else 's'} ended." if n else "It had ended already.")
    return redirect("security:sessions")


@sure_it_is_you
def tokens(request: HttpRequest) -> HttpResponse:
    """The own tokens, and the form for a new one, which is shown once in the answer."""
    form = TokenForm(request.POST or None, initial={"days": settings.ESER_TOKEN_DAYS})
    plain = _made(request, form) if request.method == "POST" and form.is_valid() else ""
    context = {"form": TokenForm(initial={"days": 30}) if plain else form, "plain": plain}
    context["rows"] = ApiToken.objects.filter(user=request.user)
    return render(request, "security/tokens.html", context, status=400 if form.errors else 200)


def _made(request: HttpRequest, form: TokenForm) -> str:
    try:
        _, plain = make_token(by=request.user, second_factor=used_second_factor(request), **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(broken.field, str(broken))
        return ""
    return plain


@require_POST
def end_own_token(request: HttpRequest, pk: int) -> HttpResponse:
    end_token(by=request.user, token=get_object_or_404(ApiToken, pk=pk, user=request.user))
    messages.success(request, "The token is ended. A program that uses it is refused from now on.")
    return redirect("security:tokens")
