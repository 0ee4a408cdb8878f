"""What is typed to sign in, to change a password, and about tokens and support access."""

from allauth.account.forms import LoginForm
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.conf import settings
from django.contrib.auth import authenticate
from django.contrib.auth.forms import PasswordChangeForm
from django.http import HttpRequest

from organizations.models import District
from security.models.support_grant import MOST_HOURS
from security.models.token import Reach

WRONG = (
    "The username or the password is wrong. After 5 failures the account is locked for 15 minutes."
    " Your security coordinator can give you a new password."
)
PASSWORD_RULES = (
    "At least 12 characters; a few words that you will remember are best. Not your name or username, and none"
    " that is known from break-ins elsewhere. It does not expire, and needs no signs or numbers."
)


class SignInForm(LoginForm):
    """Says the same whether or not the username exists."""

    error_messages = {"username_password_mismatch": WRONG, "account_inactive": WRONG}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label, self.fields["password"].label = "Username", "Password"
        self.fields["login"].widget.attrs = {
            "autocapitalize": "none", "spellcheck": "false", "autocomplete": "username",
        }  # fmt: skip
        self.fields["password"].widget.attrs = {"autocomplete": "current-password", "data-password": ""}
        self.fields["password"].help_text = ""

    def add_prefix(self, field_name: str) -> str:
        """The field is named as password managers know it."""
        return "username" if field_name == "login" else super().add_prefix(field_name)


class ChangePasswordForm(PasswordChangeForm):
    """A wrong present password counts as a failed sign-in."""

    def __init__(self, request: HttpRequest, *args, **kwargs) -> None:
        super().__init__(request.user, *args, **kwargs)
        self.request = request
        self.fields["old_password"].label = "Your present password"
        self.fields["new_password1"].help_text = PASSWORD_RULES
        self.fields["old_password"].widget.attrs.pop("autofocus", None)

    def clean_old_password(self) -> str:
        old = self.cleaned_data["old_password"]
        if not is_password_of(self.request, old):
            raise forms.ValidationError("This is not your present password.", code="password_incorrect")
        return old


def is_password_of(request: HttpRequest, plain: str) -> bool:
    """Asked as a sign-in is, so that guessing here locks the account too."""
    return authenticate(request, username=request.user.get_username(), password=plain) is not None


class CodeForm(AuthenticateForm):
    """The second step of a sign-in."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name_the_code(self, "Code of your app, or a recovery code")


class FirstCodeForm(ActivateTOTPForm):
    """The code that shows that an app was set up right."""

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        name_the_code(self, "Code of six digits")


def name_the_code(form: forms.Form, label: str) -> None:
    form.fields["code"].label = label
    form.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "autocapitalize": "none"}


class TokenForm(forms.Form):
    name = forms.CharField(
        max_length=60, label="What it is for", help_text="Such as: nightly load of rosters"
    )
    reach = forms.ChoiceField(
        choices=Reach.choices, widget=forms.RadioSelect, initial=Reach.READ, label="It may"
    )
    days = forms.IntegerField(min_value=1, label="Good for how many days")

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["days"].help_text = f"1 to {settings.ESER_TOKEN_DAYS}"


class ReasonForm(forms.Form):
    reason = forms.CharField(
        max_length=200, label="Why", help_text="The person reads it, and so does whoever reviews it."
    )


class SupportForm(forms.Form):
    district = forms.ModelChoiceField(District.objects.order_by("name"), label="District")
    hours = forms.IntegerField(min_value=1, label="For how many hours", help_text=f"1 to {MOST_HOURS}")
    reason = forms.CharField(
        max_length=300, label="What for", help_text="The district decides by it. No names of students."
    )
