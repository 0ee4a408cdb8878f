"""Signing in with the state's OpenID Connect: the statement is verified in full before a word is believed."""

import secrets
import time
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse

NONCE = "openid_nonce"
ALGORITHMS = ["RS256", "PS256", "ES256", "EdDSA"]  # never the algorithm that the statement itself names
LEEWAY = 60  # seconds between the clocks


class StateSignOn(OpenIDConnectOAuth2Adapter):
    def get_provider(self) -> "StateProvider":
        return StateProvider(self.request, super().get_provider().app)

    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> Any:
        """From the signed statement alone: user information is signed by nobody."""
        statement = kwargs["response"].get("id_token")
        if not statement:
            raise OAuth2Error("The provider gave no statement.")
        claims = self._verified(app, statement)
        return self.get_provider().sociallogin_from_response(request, {"id_token": claims})

    def _verified(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        """Signature, issuer, audience, times and nonce (OpenID Connect Core 1.0, section 3.1.3.7)."""
        try:
            claims = jwt.decode(
                id_token, self._key(id_token), algorithms=ALGORITHMS, audience=app.client_id,
                issuer=self.openid_config["issuer"], leeway=LEEWAY,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )  # fmt: skip
        except jwt.PyJWTError as error:
            raise OAuth2Error("The statement is not valid.") from error
        self._check(claims, app)
        return claims

    def _check(self, claims: dict[str, Any], app: SocialApp) -> None:
        sent = self.request.session.pop(NONCE, None)
        if sent is None or not secrets.compare_digest(sent, str(claims["nonce"])):
            raise OAuth2Error("The statement answers another request.")
        if claims.get("azp", app.client_id) != app.client_id:
            raise OAuth2Error("The statement was made for another program.")
        signed_in = claims.get("auth_time", 0 if is_asked_again(self.request) else claims["iat"])
        if time.time() - signed_in > longest_ago(self.request) + LEEWAY:
            raise OAuth2Error("The sign-in there is too long ago.")

    def _key(self, id_token: str) -> Any:
        answer = get_adapter().get_requests_session().get(self.openid_config["jwks_uri"])
        answer.raise_for_status()
        keys = jwt.PyJWKSet.from_dict(answer.json())
        named = jwt.get_unverified_header(id_token).get("kid")
        found = [key for key in keys.keys if named in (None, key.key_id)]
        if len(found) != 1:
            raise OAuth2Error("The statement is signed by a key that the provider does not publish.")
        return found[0]


class StateProvider(OpenIDConnectProvider):
    """Asks for a fresh sign-in there, and for a statement that answers this very request."""

    oauth2_adapter_class = StateSignOn

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        """What is kept of a statement: who it names and how they signed in, and nothing else about them."""
        names = {"sub", "amr", "acr", "auth_time"}
        names |= {settings.ESER_OIDC["staff_id_claim"], settings.ESER_OIDC["username_claim"]}
        return {"id_token": {name: value for name, value in data["id_token"].items() if name in names}}

    def get_auth_params(self) -> dict[str, Any]:
        again = {"prompt": "login"} if is_asked_again(self.request) else {}
        return (
            super().get_auth_params()
            | again
            | {
                "nonce": self.request.session[NONCE],
                "max_age": longest_ago(self.request),
            }
        )


def is_asked_again(request: HttpRequest) -> bool:
    """Somebody who is signed in shows the state once more that it is they."""
    return request.user.is_authenticated


def longest_ago(request: HttpRequest) -> int:
    """Seconds since the sign-in at the state that are believed."""
    return settings.ESER_SURE_FOR if is_asked_again(request) else settings.ESER_SESSION_LONGEST


@login_not_required
def begin(request: HttpRequest, provider_id: str) -> HttpResponse:
    request.session[NONCE] = secrets.token_urlsafe(24)
    return _seen(OAuth2LoginView, request, provider_id)


@login_not_required
def come_back(request: HttpRequest, provider_id: str) -> HttpResponse:
    return _seen(OAuth2CallbackView, request, provider_id)


def _seen(view: Any, request: HttpRequest, provider_id: str) -> HttpResponse:
    try:
        return view.adapter_view(StateSignOn(request, provider_id))(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
