"""Addresses of signing in, of the own account, and of access from request to grant."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.views import asking, assurance, deciding, notices, recording, session

app_name = "security"
urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="sign_in"),
    path("sign-out/", session.SignOut.as_view(), name="sign_out"),
    path("session/extend/", session.extend_session, name="extend_session"),
    path("account/", session.account, name="account"),
    path("account/password/", session.ChangePassword.as_view(), name="change_password"),
    path("assurance/", assurance.assurance, name="assurance"),
    path("notices/", notices.notices, name="notices"),
    path("notices/read", notices.read, name="read_notices"),
    path("access/", deciding.show_desk, name="desk"),
    path("access/ask/", asking.ask_for_access, name="ask"),
    path("access/staff-id/", asking.staff_id, name="staff_id"),
    path("access/staff-id/conflicts/<int:pk>/", recording.conflict, name="conflict"),
    path("access/requests/", deciding.request_list, name="requests"),
    path("access/requests/<int:pk>/", deciding.show_request, name="request"),
    path("access/requests/<int:pk>/<slug:move>", deciding.decide, name="decide"),
    path("access/roles/<int:pk>/end-iep-forms", deciding.without_iep_forms, name="end_iep_forms"),
    path("access/designations/<int:pk>/process", recording.process, name="process_designation"),
    path("access/assurance-text/<int:state>/", assurance.publish, name="publish_assurance"),
    path("access/<int:pk>/policy/", recording.policy, name="policy"),
    path("access/<int:pk>/procedure/", recording.procedure, name="procedure"),
    path("access/<int:pk>/training/", recording.training, name="training"),
    path("access/<int:pk>/settings/", recording.settings, name="settings"),
    path("access/<int:pk>/designate/", recording.designate_coordinator, name="designate"),
]
