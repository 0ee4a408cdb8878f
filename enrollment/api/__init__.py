"""Enrollment over the API: the same verbs and sentences as the pages."""

from enrollment.api.enrollments import EnrollmentViewSet
from enrollment.api.work import DutyViewSet, FindingViewSet, RosterViewSet

__all__ = ["DutyViewSet", "EnrollmentViewSet", "FindingViewSet", "RosterViewSet"]
