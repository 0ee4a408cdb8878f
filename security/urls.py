"""Addresses of signing in and of the own account."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.views import session

app_name = "security"
urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="sign_in"),
    path("sign-out/", session.SignOut.as_view(), name="sign_out"),
    path("session/extend/", session.extend_session, name="extend_session"),
    path("account/", session.account, name="account"),
    path("account/password/", session.ChangePassword.as_view(), name="change_password"),
]
