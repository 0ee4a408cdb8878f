"""Addresses of the Ed-Fi desk."""

from django.urls import path

from edfi.views import connections, desk, lines, ods, record, resyncs, student

app_name = "edfi"
urlpatterns = [
    path("ed-fi/", desk.show, name="desk"),
    path("ed-fi/lines/", lines.show, name="lines"),
    path("ed-fi/lines/file/", lines.file, name="file"),
    path("ed-fi/students/<int:pk>/", student.show, name="student"),
    path("ed-fi/records/<int:pk>/send/", record.send, name="send"),
    path("ed-fi/records/<int:pk>/assign/", record.assign, name="assign"),
    path("ed-fi/records/<int:pk>/note/", record.note, name="note"),
    path("ed-fi/records/<int:pk>/value/", record.map_value, name="map_value"),
    path("feeds/ed-fi/", ods.show, name="ods"),
    path("feeds/ed-fi/check/", ods.check, name="ods_check"),
    path("feeds/ed-fi/read/", ods.read, name="ods_read"),
    path("feeds/ed-fi/nightly/", ods.nightly, name="ods_nightly"),
    path("feeds/ed-fi/meanings/", ods.meanings, name="ods_meanings"),
    path("ed-fi/connections/new/", connections.make, name="make"),
    path("ed-fi/connections/<int:pk>/", connections.connection, name="connection"),
    path("ed-fi/connections/<int:pk>/check/", connections.check, name="check"),
    path("ed-fi/connections/<int:pk>/switch/", connections.switch, name="switch"),
    path("ed-fi/connections/<int:pk>/year/", connections.year, name="year"),
    path("ed-fi/connections/<int:pk>/copy-year/", connections.copy_year, name="copy_year"),
    path("ed-fi/connections/<int:pk>/code/", connections.map_code, name="map_code"),
    path("ed-fi/connections/<int:pk>/resyncs/", resyncs.resyncs, name="resyncs"),
    path("ed-fi/resyncs/<int:pk>/", resyncs.resync, name="resync"),
    path("ed-fi/resyncs/<int:pk>/send/", resyncs.send_differences, name="send_differences"),
    path("ed-fi/resyncs/<int:pk>/stop/", resyncs.stop_resync, name="stop_resync"),
    path("ed-fi/resyncs/<int:pk>/children/", resyncs.resync_children, name="resync_children"),
    path("ed-fi/resyncs/<int:pk>/report/", resyncs.resync_report, name="resync_report"),
]
