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
from security.models.record_of_access import AccessRecord, How
from security.models.user import User

__all__ = [
    "AccessRecord",
    "AccessSettings",
    "Assignment",
    "AssurancePeriod",
    "DistrictGrant",
    "DistrictGroupGrant",
    "EndReason",
    "How",
    "Notice",
    "SiteGrant",
    "SiteGroupGrant",
    "SiteRequests",
    "User",
    "access_settings_of",
]
