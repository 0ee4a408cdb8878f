"""How allauth is told the rules of this house: nobody signs up, people are matched and never made."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from journal.actions import record
from security.device import address_of
from security.forms.signing_in import WRONG
from security.models import User
from security.strength import remember, shown


class Accounts(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "username_password_mismatch": WRONG,
        "too_many_login_attempts": "Too many sign-ins were tried. Wait a few minutes, then try again.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """The pages say in their own words what was done."""

    def get_client_ip(self, request: HttpRequest) -> str:
        return address_of(request) or ""

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Our own question stands before these pages (security.views.reauthentication)."""
        return False

    def get_login_stages(self) -> list[str]:
        return ["security.stages.SecondFactorStage"]

    def login(self, request: HttpRequest, user: User) -> None:
        super().login(request, user)
        if getattr(request, "strong_elsewhere", False):
            remember(request, "single sign-on", strong=True)
        factors = [row.get("type", row["method"]) for row in shown(request)]
        record("SIGNED_IN", f"Signed in with {' and '.join(factors)}", by=user, factors=factors)
        tell(request, user)


def tell(request: HttpRequest, user: User) -> None:
    """What others did to the account since the last sign-in."""
    unseen = user.notices.unread().about_the_account()
    for notice in unseen.order_by("at"):
        messages.warning(request, notice.words)
    unseen.update(read_at=timezone.now())


class SecondFactors(DefaultMFAAdapter):
    """Secrets of authenticator apps are kept encrypted."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code is not right, or was used before. Take the newest one of your app.",
    }

    def encrypt(self, text: str) -> str:
        return Fernet(settings.ESER_FIELD_KEY).encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return Fernet(settings.ESER_FIELD_KEY).decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: User) -> str:
        return user.get_username()


class SingleSignOn(DefaultSocialAccountAdapter):
    """People of the state's single sign-on are matched by staff ID, else by username; never by e-mail."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        claims = claims_of(sociallogin)
        user = sociallogin.user if sociallogin.is_existing else matched(claims)
        if user is None or not user.is_active:
            raise ImmediateHttpResponse(refused(request, UNKNOWN))
        if not sociallogin.is_existing:
            sociallogin.connect(request, user)
        if user == request.user:
            raise ImmediateHttpResponse(shown_again(request, claims))
        request.strong_elsewhere = is_strong(claims)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        raise ImmediateHttpResponse(refused(request, FAILED))


UNKNOWN = "You are known at the state's sign-on, but there is no open account for you here."
FAILED = "The answer of the state's sign-on could not be trusted, so you are not signed in."


def shown_again(request: HttpRequest, claims: dict[str, Any]) -> HttpResponse:
    """Already signed in: it is surely this person, and what they were about to do goes on."""
    remember(request, "single sign-on", strong=is_strong(claims), reauthenticated=True)
    return redirect("security:go_on")


def claims_of(sociallogin: Any) -> dict[str, Any]:
    """The verified statement alone: what is said beside it is signed by nobody."""
    return sociallogin.account.extra_data.get("id_token", {})


def matched(claims: dict[str, Any]) -> User | None:
    """By staff ID where the state tells one, and by nothing else then."""
    if staff_id := claims.get(settings.ESER_OIDC["staff_id_claim"]):
        return User.objects.filter(staff_id=str(staff_id)).first()
    username = claims.get(settings.ESER_OIDC["username_claim"])
    return User.objects.filter(username=username).first() if username else None


def is_strong(claims: dict[str, Any]) -> bool:
    """Does the state say that two factors were shown there? Without a word of it, no."""
    methods = claims.get("amr") or []
    methods = [methods] if isinstance(methods, str) else methods
    return bool(set(methods) & set(settings.ESER_OIDC["strong_amr"])) or (
        claims.get("acr") in settings.ESER_OIDC["strong_acr"]
    )


def refused(request: HttpRequest, sentence: str) -> HttpResponse:
    record("SIGN_ON_REFUSED", sentence)
    return render(request, "security/sign_on_refused.html", {"sentence": sentence}, status=403)
