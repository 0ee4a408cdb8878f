"""Addresses of the rollover."""

from django.urls import path

from migration import views

app_name = "migration"

urlpatterns = [
    path("", views.runs, name="runs"),
    path("calendar/", views.calendar, name="calendar"),
    path("calendar/plan/", views.plan, name="plan"),
    path("calendar/view-only/", views.shut, name="shut"),
    path("calendar/go-live/", views.live, name="live"),
    path("calendar/roll-back/", views.back, name="back"),
    path("legacy-users/", views.legacy_users, name="legacy_users"),
    path("archive/", views.archive, name="archive"),
    path("archive/<int:pk>/", views.archived, name="archived"),
    path("archive/<int:pk>/visits/", views.archive_visits, name="archive_visits"),
    path("archive/requests/<int:pk>/", views.archive_request, name="archive_request"),
    path("archive/requests/<int:pk>/records/", views.archive_records, name="archive_records"),
    path("archive/requests/<int:pk>/records.pdf", views.print_archive, name="print_archive"),
    path("findings/", views.cases, name="cases"),
    path("findings/file/", views.cases_file, name="cases_file"),
    path("findings/hand-over/", views.hand_over_cases, name="hand_over"),
    path("findings/over-runs/", views.findings_over_runs, name="over_runs"),
    path("findings/of-run/<int:run_id>/", views.run_findings, name="run_findings"),
    path("findings/<int:pk>/", views.case, name="case"),
    path("findings/<int:pk>/give/", views.give_case, name="give_case"),
    path("duplicates/", views.duplicates, name="duplicates"),
    path("duplicates/<int:pk>/", views.duplicate, name="duplicate"),
    path("codes/", views.code_maps, name="code_maps"),
    path("codes/map/", views.map_a_code, name="map_code"),
    path("codes/<int:pk>/end/", views.unmap, name="unmap"),
    path("codes/run-again/", views.run_again, name="run_again"),
    path("<int:run_id>/", views.run, name="run"),
    path("<int:run_id>/accept/<slug:name>/", views.accept_for, name="accept_for"),
    path("<int:run_id>/progress/", views.progress, name="progress"),
    path("<int:run_id>/go-on/", views.go_on, name="go_on"),
    path("<int:run_id>/load/", views.load_checked, name="load_checked"),
    path("<int:run_id>/rejected/", views.rejected, name="rejected"),
    path("<int:run_id>/findings/", views.findings, name="findings"),
    path("<int:run_id>/changed/", views.kept, name="kept"),
    path("<int:run_id>/vanished/", views.vanished, name="vanished"),
    path("<int:run_id>/records/", views.records, name="records"),
    path("<int:run_id>/lines/<int:number>/", views.line, name="line"),
    path("<int:run_id>/sample/", views.sample, name="sample"),
    path("<int:run_id>/sample/mismatches/<int:pk>/", views.decide_sample, name="decide_sample"),
    path("<int:run_id>/sample/sign/<slug:party>/", views.sign_sample, name="sign_sample"),
    path("<int:run_id>/sample.pdf", views.print_sample, name="print_sample"),
    path("<int:run_id>/report.pdf", views.report, name="report"),
    path("<int:run_id>/reconciliation.csv", views.reconciliation_csv, name="reconciliation_csv"),
]
