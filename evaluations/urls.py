"""Addresses of evaluations."""

from django.urls import path, re_path

from evaluations.views import component, lists, page, refer, report, versions

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", lists.evaluations, name="list"),
    path("evaluations/refer/", refer.refer_unenrolled, name="refer_unenrolled"),
    path("evaluations/refer/<int:student_id>/", refer.refer, name="refer"),
    path("evaluations/<int:pk>/", page.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/history/", page.history, name="history"),
    path("evaluations/<int:pk>/versions/", versions.compare, name="versions"),
    path("evaluations/<int:pk>/versions/<int:number>.pdf", versions.print_report, name="print"),
    path("evaluations/<int:pk>/components/<int:component>/", component.component, name="component"),
    path("evaluations/<int:pk>/components/<int:component>/write", component.write, name="component_write"),
    path("evaluations/<int:pk>/report/<slug:section>/", report.section, name="section"),
    path("evaluations/<int:pk>/report/<slug:section>/write", report.write, name="section_write"),
    re_path(
        r"^evaluations/(?P<pk>\d{1,18})/(?P<name>consent-request|consent|consent-refusal|consent-revocation"
        r"|no-assessment|extension|extension-decision|component|meeting|member|member-out|waiver|determination"
        r"|dissemination|parent-copy|lock|unlock|discard)/$",
        page.step,
        name="step",
    ),
]
