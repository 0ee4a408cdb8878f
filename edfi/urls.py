"""Addresses of the Ed-Fi desk."""

from django.urls import path

from edfi.views import desk

app_name = "edfi"
urlpatterns = [
    path("ed-fi/", desk.show, name="desk"),
    path("ed-fi/records/<int:pk>/send/", desk.send, name="send"),
    path("ed-fi/connections/<int:pk>/test/", desk.test, name="test"),
]
