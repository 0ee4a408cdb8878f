from django.urls import path

from enrollment.views import after, entries, exits, feeds, mapping, moves, support, work

app_name = "enrollment"
urlpatterns = [
    path("students/enter", entries.enter, name="enter"),
    path("students/enter/codes", entries.entry_codes, name="entry_codes"),
    path("students/<int:pk>/enter", entries.enter_known, name="enter_known"),
    path("enrollments/<int:pk>/exit", exits.exit_enrollment, name="exit"),
    path("enrollments/<int:pk>/exit/effects", exits.exit_effects, name="exit_effects"),
    path("enrollments/<int:pk>/exit/codes", exits.exit_codes, name="exit_codes"),
    path("enrollments/<int:pk>/no-show", exits.no_show, name="no_show"),
    path("codes/", mapping.mapping, name="mapping"),
    path("codes/one", mapping.one_code, name="map_code"),
    path("codes/options", mapping.code_options, name="mapping_codes"),
    path("codes/take-back", mapping.unmap, name="unmap"),
    path("codes/next-year", mapping.copy, name="mapping_copy"),
    path("codes/file", mapping.mapping_file, name="mapping_file"),
    path("codes/changes", mapping.history, name="mapping_history"),
    path("feeds/", feeds.feeds, name="feeds"),
    path("feeds/layout", feeds.feed_layout, name="feed_layout"),
    path("feeds/sample", feeds.sample, name="feed_sample"),
    path("feeds/<int:pk>", feeds.feed, name="feed"),
    path("feeds/<int:pk>/load", feeds.load_it, name="feed_load"),
    path("feeds/<int:pk>/refuse", feeds.refuse_it, name="feed_refuse"),
    path("feeds/<int:pk>/undo", feeds.undo_it, name="feed_undo"),
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
