"""Addresses of the home page and of the page of one child."""

from django.contrib.auth.decorators import login_not_required
from django.urls import path

from caseload.views import (
    calendars,
    deadline,
    deadlines,
    hand_over,
    home,
    month,
    overview,
    reminders,
    student,
)

app_name = "caseload"
urlpatterns = [
    path("", home.home, name="home"),
    path("caseload/deadlines/", deadlines.deadline_list, name="deadlines"),
    path("caseload/overview/", overview.overview, name="overview"),
    path("caseload/hand-over/", hand_over.hand_over, name="hand_over"),
    path("caseload/calendar/", month.month, name="month"),
    path("caseload/reminders/", reminders.reminders, name="reminders"),
    path("caseload/reminders/feed", reminders.change_feed, name="change_feed"),
    path("calendar/<str:secret>.ics", login_not_required(reminders.feed), name="feed"),
    path("students/<int:pk>/", student.student, name="student"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/<int:pk>/", calendars.calendar, name="calendar"),
    path("calendars/<int:pk>/term", calendars.term, name="calendar_term"),
    path("calendars/<int:pk>/open", calendars.opened, name="open_day"),
    path("deadlines/<int:pk>/", deadline.deadline, name="deadline"),
    path("students/<int:pk>/access-record", student.access_record, name="access_record"),
    path("students/<int:pk>/events/<slug:kind>/<int:record_id>", student.event, name="event"),
]
