"""What is typed to sign in and to change a password."""

from django.contrib.auth.forms import AuthenticationForm

WRONG = (
    "The username or the password is wrong. After 5 failures the account is locked for 15 minutes."
    " Your security coordinator can give you a new password."
)


class SignInForm(AuthenticationForm):
    """Says the same whether or not the username exists."""

    error_messages = {"invalid_login": WRONG, "inactive": WRONG}

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "Username"
        self.fields["username"].widget.attrs.pop("autofocus", None)
        self.fields["username"].widget.attrs |= {"autocapitalize": "none", "spellcheck": "false"}
        self.fields["password"].widget.attrs["data-password"] = ""
