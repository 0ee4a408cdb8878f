"""Sure it is you? One of the factors that the person has, asked for again."""

from typing import Any

from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from django import forms
from django.http import HttpRequest

from security.forms.signing_in import is_password_of
from security.strength import count_failure, remember


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

    @property
    def has_nothing_here(self) -> bool:
        """This person signs in elsewhere alone: no password, app or key of this system."""
        return not self.visible_fields() and not self.has_key

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
