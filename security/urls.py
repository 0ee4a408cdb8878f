"""Addresses of signing in, of the own account, and of keeping the accounts of others."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.gates import stays_open
from security.views import account, people, session, support

app_name = "security"
urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="sign_in"),
    path("sign-out/", stays_open(session.SignOut.as_view()), name="sign_out"),
    path("session/extend/", stays_open(session.extend_session), name="extend_session"),
    path("account/", account.account, name="account"),
    path("account/password/", stays_open(account.ChangePassword.as_view()), name="change_password"),
    path("account/sessions/", account.sessions, name="sessions"),
    path("account/sessions/end", account.end_own_session, name="end_own_session"),
    path("account/tokens/", account.tokens, name="tokens"),
    path("account/tokens/<int:pk>/end", account.end_own_token, name="end_own_token"),
    path("people/", people.people, name="people"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/<slug:deed>", people.keep, name="keep_account"),
    path("support-access/", support.support, name="support"),
    path("support-access/<int:pk>/<slug:deed>", support.decide, name="support_decide"),
]
