"""Addresses of signing in and of the own account."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.views import access_of, authorized, reviews, session, staff_files

app_name = "security"
urlpatterns = [
    path("sign-in/", login_not_required(session.SignIn.as_view()), name="sign_in"),
    path("sign-out/", session.SignOut.as_view(), name="sign_out"),
    path("session/extend/", session.extend_session, name="extend_session"),
    path("account/", session.account, name="account"),
    path("account/password/", session.ChangePassword.as_view(), name="change_password"),
    path("access/users/", authorized.users, name="users"),
    path("access/users/publish", authorized.publish, name="publish_users"),
    path("authorized-users/<int:pk>/", login_not_required(authorized.public_list), name="public_users"),
    path("access/people/<int:pk>/", access_of.person, name="access_of"),
    path("access/people/<int:pk>/leave", access_of.leave, name="leave"),
    path("access/people/<int:pk>/duties", access_of.duties, name="duties"),
    path("access/people/<int:pk>/sign-out", access_of.sign_out_everywhere, name="end_sessions"),
    path("access/roles/<int:pk>/end", access_of.end_one, name="end_role"),
    path("access/duties/<int:pk>/confirm", access_of.confirm, name="confirm_role"),
    path("access/absences/<int:pk>/resolve", access_of.resolve_absence, name="resolve_absence"),
    path("access/departures/<int:pk>/take-back", access_of.take_back, name="take_back"),
    path("access/staff-files/", staff_files.staff_files, name="staff_files"),
    path("access/staff-files/<int:pk>/", staff_files.staff_file, name="staff_file"),
    path("access/reviews/", reviews.reviews, name="reviews"),
    path("access/reviews/<int:pk>/", reviews.review, name="review"),
    path("access/reviews/<int:pk>/decide", reviews.decide_lines, name="decide_lines"),
    path("access/reviews/<int:pk>/close", reviews.close, name="close_review"),
]
