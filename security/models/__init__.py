"""People, the roles they hold, the grants that follow, and who looked at which child's record."""

from security.models.access_settings import (
    AccessSettings,
    AssurancePeriod,
    SiteRequests,
    access_settings_of,
)
from security.models.assignment import Assignment, EndReason
from security.models.grant import DistrictGrant, DistrictGroupGrant, SiteGrant, SiteGroupGrant
from security.models.notice import Notice
from security.models.record_of_access import AccessRecord
from security.models.removal import Absence, Departure, Justification, StaffFile
from security.models.review import Review, ReviewLine
from security.models.user import User

__all__ = [
    "Absence",
    "AccessRecord",
    "AccessSettings",
    "Assignment",
    "AssurancePeriod",
    "Departure",
    "DistrictGrant",
    "DistrictGroupGrant",
    "EndReason",
    "Justification",
    "Notice",
    "Review",
    "ReviewLine",
    "SiteGrant",
    "SiteGroupGrant",
    "SiteRequests",
    "StaffFile",
    "User",
    "access_settings_of",
]
