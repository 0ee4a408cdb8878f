"""Addresses of the home page and of the page of one child."""

from django.urls import path

from caseload.views import deadline, home, student

app_name = "caseload"
urlpatterns = [
    path("", home.home, name="home"),
    path("students/<int:pk>/", student.student, name="student"),
    path("deadlines/<int:pk>/", deadline.deadline, name="deadline"),
    path("students/<int:pk>/access-record", student.access_record, name="access_record"),
    path("students/<int:pk>/events/<slug:kind>/<int:record_id>", student.event, name="event"),
]
