"""Addresses of the rule book."""

from django.urls import path

from rulebook import views

app_name = "rulebook"
urlpatterns = [
    path("rulebook/", views.index, name="index"),
    path("rulebook/<slug:slug>/", views.table, name="table"),
    path("rulebook/<slug:slug>.csv", views.download, name="download"),
]
