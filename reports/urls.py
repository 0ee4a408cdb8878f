"""Addresses of the lists and of their files."""

from django.urls import path

from reports.views import dashboard, dictionary, disproportionality, indicators, lists

app_name = "reports"
urlpatterns = [
    path("figures/", dashboard.show, name="dashboard"),
    path("disproportionality/", disproportionality.show, name="disproportionality"),
    path("disproportionality/settings/", disproportionality.settings, name="disproportionality_settings"),
    path("figures.csv", dashboard.download, name="dashboard_csv"),
    path("dictionary/", dictionary.show, name="dictionary"),
    path("dictionary.csv", dictionary.download, name="dictionary_csv"),
    path("indicators/11/", indicators.indicator_page, {"number": 11}, name="indicator_11"),
    path("indicators/12/", indicators.indicator_page, {"number": 12}, name="indicator_12"),
    path("indicators/13/", indicators.indicator_page, {"number": 13}, name="indicator_13"),
    path("lists/", lists.lists, name="lists"),
    path("lists/<slug:slug>/", lists.show_list, name="list"),
    path("lists/<slug:slug>/export", lists.export, name="export"),
    path("lists/<slug:slug>/export/ask", lists.export_form, name="export_form"),
]
