"""People, the roles they hold, the grants that follow, how they get in, and who looked at which record."""

from security.models.assignment import Assignment
from security.models.grant import DistrictGrant, DistrictGroupGrant, SiteGrant, SiteGroupGrant
from security.models.notice import Notice
from security.models.record_of_access import AccessRecord
from security.models.session import Session
from security.models.support_grant import SupportGrant
from security.models.token import ApiToken
from security.models.user import User

__all__ = [
    "AccessRecord",
    "ApiToken",
    "Assignment",
    "DistrictGrant",
    "DistrictGroupGrant",
    "Notice",
    "Session",
    "SiteGrant",
    "SiteGroupGrant",
    "SupportGrant",
    "User",
]
