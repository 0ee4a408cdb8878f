from django.urls import path

from enrollment.views import entries, exits, feeds, mapping

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
]
