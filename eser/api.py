"""One API: each app's viewsets over the same verbs as its pages."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from caseload.api import CalendarViewSet, CaseloadViewSet, DeadlineViewSet
from enrollment.api import DutyViewSet, EnrollmentViewSet, FindingViewSet, RosterViewSet
from evaluations.api import EvaluationViewSet
from ieps.api import IepViewSet
from notices.api import ContactViewSet, NoticeViewSet, RecordsRequestViewSet
from reports.api import (
    CountViewSet,
    DisproportionalityViewSet,
    FigureViewSet,
    IndicatorViewSet,
    ReportViewSet,
)
from security.api.requests import AccessRequestViewSet
from students.api import StudentViewSet

app_name = "api"
router = SimpleRouter()
router.register("students", StudentViewSet, basename="student")
router.register("enrollments", EnrollmentViewSet, basename="enrollment")
router.register("duties", DutyViewSet, basename="duty")
router.register("findings", FindingViewSet, basename="finding")
router.register("rosters", RosterViewSet, basename="roster")
router.register("evaluations", EvaluationViewSet, basename="evaluation")
router.register("notices", NoticeViewSet, basename="notice")
router.register("contacts", ContactViewSet, basename="contact")
router.register("records-requests", RecordsRequestViewSet, basename="records-request")
router.register("ieps", IepViewSet, basename="iep")
router.register("deadlines", DeadlineViewSet, basename="deadline")
router.register("caseloads", CaseloadViewSet, basename="caseload")
router.register("calendars", CalendarViewSet, basename="calendar")
router.register("access-requests", AccessRequestViewSet, basename="access-request")
router.register("reports", ReportViewSet, basename="report")
router.register("counts", CountViewSet, basename="count")
router.register("figures", FigureViewSet, basename="figure")
router.register("indicators", IndicatorViewSet, basename="indicator")
router.register("disproportionality", DisproportionalityViewSet, basename="disproportionality")

urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
