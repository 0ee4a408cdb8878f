from django.urls import path

from enrollment.views import after, entries, exits, moves, support, work

app_name = "enrollment"
urlpatterns = [
    path("students/enter", entries.enter, name="enter"),
    path("students/enter/codes", entries.entry_codes, name="entry_codes"),
    path("students/<int:pk>/enter", entries.enter_known, name="enter_known"),
    path("enrollments/<int:pk>/exit", exits.exit_enrollment, name="exit"),
    path("enrollments/<int:pk>/exit/effects", exits.exit_effects, name="exit_effects"),
    path("enrollments/<int:pk>/exit/codes", exits.exit_codes, name="exit_codes"),
    path("enrollments/<int:pk>/no-show", exits.no_show, name="no_show"),
    # After the exit, stages, nonpublic transfers, requests to the state
    path("enrollments/exits/", work.exits, name="exits"),
    path("enrollments/duties/", work.duties, name="duties"),
    path("enrollments/seats/", work.seats, name="seats"),
    path("enrollments/requests/", work.requests, name="requests"),
    path("enrollments/requests/<int:pk>/", support.support_request, name="request"),
    path("enrollments/settings/", support.settings, name="settings"),
    path("enrollments/<int:pk>/after/", after.after, name="after"),
    path("enrollments/<int:pk>/after/<slug:name>/", after.step, name="after_step"),
    path("enrollments/<int:pk>/attend/", moves.attend, name="attend"),
    path("enrollments/<int:pk>/nonpublic/", moves.nonpublic, name="nonpublic"),
    path("enrollments/<int:pk>/ask/", support.ask, name="ask"),
    path("enrollments/<int:pk>/duties/<slug:kind>/", work.duty, name="duty"),
    path("enrollments/<int:pk>/seat/", work.seat, name="seat"),
]
