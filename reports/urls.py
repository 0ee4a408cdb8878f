"""Addresses of the lists and of their files."""

from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("lists/", views.lists, name="lists"),
    path("lists/<slug:slug>/", views.show_list, name="list"),
    path("lists/<slug:slug>/export", views.export, name="export"),
    path("lists/<slug:slug>/export/ask", views.export_form, name="export_form"),
]
