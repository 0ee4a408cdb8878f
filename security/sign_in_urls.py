"""The steps of a sign-in that allauth looks up by names of its own."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.gates import stays_open
from security.views import second_factor, session, single_sign_on

urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="account_login"),
    path(
        "sign-in/second-factor/",
        login_not_required(second_factor.AskSecondFactor.as_view()),
        name="mfa_authenticate",
    ),
    path("sign-in/<slug:provider_id>/", single_sign_on.begin, name="openid_connect_login"),
    path("sign-in/<slug:provider_id>/back", single_sign_on.come_back, name="openid_connect_callback"),
    path("account/second-factor/", stays_open(second_factor.own), name="mfa_index"),
    path("account/second-factor/app", stays_open(second_factor.AddApp.as_view()), name="mfa_activate_totp"),
    path("account/second-factor/key", stays_open(second_factor.AddKey.as_view()), name="mfa_add_webauthn"),
    path("account/second-factor/codes", stays_open(second_factor.new_codes), name="mfa_new_codes"),
    path("account/second-factor/<int:pk>/remove", stays_open(second_factor.remove), name="mfa_remove"),
]
