"""Addresses of evaluations."""

from django.urls import path, re_path

from evaluations.views import lists, page, refer, versions

app_name = "evaluations"
urlpatterns = [
    path("evaluations/", lists.evaluations, name="list"),
    path("evaluations/refer/<int:student_id>/", refer.refer, name="refer"),
    path("evaluations/<int:pk>/", page.evaluation, name="evaluation"),
    path("evaluations/<int:pk>/history/", page.history, name="history"),
    path("evaluations/<int:pk>/versions/", versions.compare, name="versions"),
    path("evaluations/<int:pk>/versions/<int:number>.pdf", versions.print_report, name="print"),
    re_path(
        r"^evaluations/(?P<pk>\d+)/(?P<name>consent-request|consent|consent-refusal|consent-revocation"
        r"|extension|extension-decision|determination|dissemination|lock|unlock|discard)/$",
        page.step,
        name="step",
    ),
]
