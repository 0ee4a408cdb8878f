"""People, the roles they hold, the grants that follow, and who looked at which child's record."""

from security.models.assignment import Assignment
from security.models.grant import DistrictGrant, DistrictGroupGrant, SiteGrant, SiteGroupGrant
from security.models.record_of_access import AccessRecord
from security.models.user import User

__all__ = [
    "AccessRecord",
    "Assignment",
    "DistrictGrant",
    "DistrictGroupGrant",
    "SiteGrant",
    "SiteGroupGrant",
    "User",
]
