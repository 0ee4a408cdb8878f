"""Every address of the product: each app's pages, and one API."""

from django.urls import include, path

from eser.health import healthz

urlpatterns = [
    path("healthz", healthz, name="healthz"),
    path("", include("security.urls")),
    path("", include("security.sign_in_urls")),
    path("", include("rulebook.urls")),
    path("", include("caseload.urls")),
    path("", include("jobs.urls")),
    path("", include("documents.urls")),
    path("", include("reports.urls")),
    path("", include("students.urls")),
    path("", include("enrollment.urls")),
    path("", include("evaluations.urls")),
    path("", include("notices.urls")),
    path("", include("ieps.urls")),
    path("", include("ui.urls")),
    path("api/", include("eser.api")),
    path("", include("edfi.urls")),
    path("rollover/", include("migration.urls")),
]

handler400 = "ui.views.bad_request"
handler403 = "ui.views.refused"
handler404 = "ui.views.not_found"
handler429 = "ui.views.too_many_tries"
handler500 = "eser.errors.server_error"
