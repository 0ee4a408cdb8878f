"""Addresses of signing in and of the own account."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from security.views import authorized, people, reviews, session, staff_files

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
    path("access/people/<int:pk>/", people.person, name="person"),
    path("access/people/<int:pk>/leave", people.leave, name="leave"),
    path("access/people/<int:pk>/duties", people.duties, name="duties"),
    path("access/people/<int:pk>/sign-out", people.sign_out_everywhere, name="end_sessions"),
    path("access/roles/<int:pk>/end", people.end_one, name="end_role"),
    path("access/duties/<int:pk>/confirm", people.confirm, name="confirm_role"),
    path("access/absences/<int:pk>/resolve", people.resolve_absence, name="resolve_absence"),
    path("access/departures/<int:pk>/take-back", people.take_back, name="take_back"),
    path("access/staff-files/", staff_files.staff_files, name="staff_files"),
    path("access/staff-files/<int:pk>/", staff_files.staff_file, name="staff_file"),
    path("access/reviews/", reviews.reviews, name="reviews"),
    path("access/reviews/<int:pk>/", reviews.review, name="review"),
    path("access/reviews/<int:pk>/decide", reviews.decide_lines, name="decide_lines"),
    path("access/reviews/<int:pk>/close", reviews.close, name="close_review"),
]
