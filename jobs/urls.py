"""Addresses of jobs."""

from django.urls import path

from jobs import views

app_name = "jobs"
urlpatterns = [
    path("jobs/", views.list_jobs, name="list"),
    path("jobs/<int:pk>/", views.job, name="job"),
    path("jobs/<int:pk>/stop", views.stop, name="stop"),
]
