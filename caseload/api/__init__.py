"""The caseload over the API."""

from caseload.api.calendars import CalendarViewSet
from caseload.api.caseloads import CaseloadViewSet
from caseload.api.deadlines import DeadlineViewSet

__all__ = ["CalendarViewSet", "CaseloadViewSet", "DeadlineViewSet"]
