"""Before a sensitive deed: sure it is you? Asked in place, and what was posted goes on with the answer."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator

from security.forms import is_password_of
from security.refusals import NotAllowed
from security.strength import count_failure, is_fresh, is_locked_out, remember
from security.views.session import locked_out

ASKED = "sure_of"  # present in what our question sends
OURS = (ASKED, "sure_password", "sure_code", "sure_credential", "csrfmiddlewaretoken")
BY_PROGRAM = (
    "This needs you in person: open the page and confirm there that it is you. A program or an old sign-in"
    " cannot do it."
)


class SureForm(forms.Form):
    """One of what the person has: the password, a code, or a security key."""

    sure_password = forms.CharField(
        label="Password", required=False, strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )  # fmt: skip
    sure_code = forms.CharField(
        label="Code of your app, or a recovery code", required=False,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )  # fmt: skip
    sure_credential = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, request: HttpRequest, data: Any = None) -> None:
        super().__init__(data, use_required_attribute=False)
        self.request, self.user = request, request.user
        kinds = set(Authenticator.objects.filter(user=self.user).values_list("type", flat=True))
        self.has_key = Authenticator.Type.WEBAUTHN in kinds
        if not self.user.has_usable_password():
            del self.fields["sure_password"]
        if not kinds & {Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES}:
            del self.fields["sure_code"]
        for field in self.fields.values():
            field.widget.attrs["autocapitalize"] = "none"

    def clean(self) -> dict[str, Any]:
        sent = self.cleaned_data
        if sent.get("sure_credential"):
            self._check_key(sent["sure_credential"])
        elif sent.get("sure_code"):
            self._check_code(sent["sure_code"])
        elif sent.get("sure_password"):
            self._check_password(sent["sure_password"])
        else:
            raise forms.ValidationError("Nothing was given. Type one of these.")
        return sent

    def _check_password(self, plain: str) -> None:
        if is_password_of(self.request, plain):
            remember(self.request, "password", reauthenticated=True)
        else:
            self.add_error("sure_password", "This is not your password.")

    def _check_code(self, code: str) -> None:
        asked = ReauthenticateForm(user=self.user, data={"code": code})
        self._settle(asked, "sure_code", "This code is not right, or was used before.")

    def _check_key(self, credential: str) -> None:
        asked = ReauthenticateWebAuthnForm(user=self.user, data={"credential": credential})
        self._settle(asked, None, "This key is not one of yours, or it took too long. Try again.")

    def _settle(self, asked: Any, field: str | None, sentence: str) -> None:
        if asked.is_valid():
            asked.save()
        else:
            count_failure(self.request, self.user)
            self.add_error(field, sentence)


def sure_it_is_you(view: Callable) -> Callable:
    """Asks before the view unless a factor was shown within ESER_SURE_FOR seconds. Carries no files."""

    @wraps(view)
    def asked_first(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return asked_again(request) or view(request, *args, **kwargs)

    return asked_first


sure_class = method_decorator(sure_it_is_you, name="dispatch")


def asked_again(request: HttpRequest) -> HttpResponse | None:
    """None when it is surely this person; else the page that asks. For the middle of a view."""
    if ASKED not in request.POST:
        return None if is_fresh(request) else _question(request, SureForm(request))
    if is_locked_out(request, request.user):
        return locked_out(request)
    form = SureForm(request, request.POST)
    if not form.is_valid():
        return _question(request, form, 400)
    return redirect(request.get_full_path()) if request.POST[ASKED] == "GET" else None


def check_surely(request: HttpRequest) -> None:
    """For the API, which cannot ask. Raises NotAllowed."""
    if not is_fresh(request):
        raise NotAllowed(BY_PROGRAM)


def _question(request: HttpRequest, form: SureForm, status: int = 200) -> HttpResponse:
    if request.headers.get("HX-Request"):
        raise NotAllowed(BY_PROGRAM)
    context = {
        "form": form,
        "carried": list(_carried(request)),
        "asked": request.POST.get(ASKED, request.method),
        "key_options": _key_options(form),
        "sign_on": not form.user.has_usable_password() and settings.ESER_OIDC["name"],
    }
    return render(request, "security/sure_it_is_you.html", context, status=status)


def _carried(request: HttpRequest) -> Iterator[tuple[str, str]]:
    return ((name, value) for name, values in request.POST.lists() if name not in OURS for value in values)


def _key_options(form: SureForm) -> dict[str, Any] | None:
    if not form.has_key:
        return None
    return {"request_options": begin_authentication(form.user)}
