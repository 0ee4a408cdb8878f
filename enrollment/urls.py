from django.urls import path

from enrollment.views import entries, exits, findings, outcomes, over_the_year, rosters

app_name = "enrollment"
urlpatterns = [
    path("students/enter", entries.enter, name="enter"),
    path("students/enter/codes", entries.entry_codes, name="entry_codes"),
    path("students/<int:pk>/enter", entries.enter_known, name="enter_known"),
    path("enrollments/<int:pk>/exit", exits.exit_enrollment, name="exit"),
    path("enrollments/<int:pk>/exit/effects", exits.exit_effects, name="exit_effects"),
    path("enrollments/<int:pk>/exit/codes", exits.exit_codes, name="exit_codes"),
    path("enrollments/<int:pk>/no-show", exits.no_show, name="no_show"),
    path("enrollments/rosters/", rosters.roster, name="roster"),
    path("enrollments/rosters/difference/", rosters.roster_difference, name="roster_difference"),
    path("enrollments/over-the-year/", over_the_year.over_the_year, name="over_the_year"),
    path("enrollments/cohort/", outcomes.cohort, name="cohort"),
    path("enrollments/dropouts/", outcomes.dropouts, name="dropouts"),
    path("enrollments/findings/", findings.findings, name="findings"),
    path("enrollments/findings/<int:pk>/explain", findings.explain_finding, name="explain_finding"),
]
