"""Addresses of notices to parents. (The notices that the system gives to staff are another thing.)"""

from django.urls import path

from notices.views import child, lists, notice, records, write

app_name = "notices"
urlpatterns = [
    path("parents/notices/", lists.notices, name="list"),
    path("parents/records/", lists.requests, name="requests"),
    path("parents/records/<int:pk>/", records.request_for_records, name="request"),
    path("parents/<int:pk>/", child.child, name="child"),
    path("parents/<int:pk>/<slug:name>/", child.add, name="add"),
    path("parents/<int:student_id>/write/<slug:kind>/", write.write, name="write"),
    path("parents/notices/<int:pk>/", notice.notice, name="notice"),
    path("parents/notices/<int:pk>/<slug:name>/", notice.step, name="step"),
    path("parents/notices/<int:pk>.pdf", notice.print_notice, name="print"),
]
