"""Addresses of the lists and of their files, of figures, and of child counts."""

from django.urls import path

from reports.views import (
    dashboard,
    dictionary,
    disproportionality,
    environment_shares,
    export_requests,
    indicators,
    leavers,
    lists,
    outcome,
    saved,
)
from reports.views.federal import checks, difference, files, snapshot, snapshots, state, year

app_name = "reports"
urlpatterns = [
    path("figures/", dashboard.show, name="dashboard"),
    path("disproportionality/", disproportionality.show, name="disproportionality"),
    path("disproportionality/settings/", disproportionality.settings, name="disproportionality_settings"),
    path("figures.csv", dashboard.download, name="dashboard_csv"),
    path("dictionary/", dictionary.show, name="dictionary"),
    path("dictionary.csv", dictionary.download, name="dictionary_csv"),
    path("counts/", snapshots.snapshots, name="snapshots"),
    path("counts/state/", state.state_count, name="state_count"),
    path("counts/<int:pk>/", snapshot.snapshot, name="snapshot"),
    path("counts/<int:pk>/certify", snapshot.certify_snapshot, name="certify_snapshot"),
    path("counts/<int:pk>/reopen", snapshot.reopen_snapshot, name="reopen_snapshot"),
    path("counts/<int:pk>/difference/", difference.snapshot_difference, name="snapshot_difference"),
    path("counts/<int:pk>/take-over", difference.snapshot_take_over, name="snapshot_take_over"),
    path("counts/<int:pk>/checks/", checks.snapshot_checks, name="snapshot_checks"),
    path("counts/<int:pk>/year/", year.snapshot_year, name="snapshot_year"),
    path("counts/<int:pk>/file/", files.snapshot_file, name="snapshot_file"),
    path("indicators/5/", environment_shares.environment_shares, {"number": 5}, name="indicator_5"),
    path("indicators/6/", environment_shares.environment_shares, {"number": 6}, name="indicator_6"),
    path("indicators/11/", indicators.indicator_page, {"number": 11}, name="indicator_11"),
    path("indicators/12/", indicators.indicator_page, {"number": 12}, name="indicator_12"),
    path("indicators/13/", indicators.indicator_page, {"number": 13}, name="indicator_13"),
    path("indicators/14/", leavers.leavers, name="indicator_14"),
    path("indicators/14/<int:pk>/", outcome.outcome, name="outcome"),
    path("lists/", lists.lists, name="lists"),
    path("lists/saved/<int:pk>/", saved.open_saved, name="saved"),
    path("lists/saved/<int:pk>/change", saved.change_saved, name="change_saved"),
    path("lists/saved/<int:pk>/remove", saved.remove_saved, name="remove_saved"),
    path("lists/exports/", export_requests.export_requests, name="export_requests"),
    path("lists/exports/<int:pk>/", export_requests.export_request, name="export_request"),
    path("lists/exports/<int:pk>/decide", export_requests.decide_export, name="decide_export"),
    path("lists/<slug:slug>/", lists.show_list, name="list"),
    path("lists/<slug:slug>/save", saved.save, name="save"),
    path("lists/<slug:slug>/export", lists.export, name="export"),
    path("lists/<slug:slug>/export/ask", lists.export_form, name="export_form"),
]
