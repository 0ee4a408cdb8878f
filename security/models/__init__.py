"""People, the roles they hold, the grants that follow, how they get in, and who looked at which record."""

from security.models.access_request import AccessRequest, AccessRequestPlace
from security.models.access_settings import (
    AccessSettings,
    AssurancePeriod,
    SiteRequests,
    access_settings_of,
)
from security.models.assignment import Assignment, EndReason
from security.models.assurance import AssuranceSignature, AssuranceText
from security.models.designation import Designation
from security.models.grant import DistrictGrant, DistrictGroupGrant, SiteGrant, SiteGroupGrant
from security.models.notice import Notice
from security.models.policy import RemovalProcedure, SecurityPolicy, Training
from security.models.record_of_access import AccessRecord, How
from security.models.removal import Absence, Departure, Justification, StaffFile
from security.models.review import Review, ReviewLine
from security.models.session import Session
from security.models.staff_id_conflict import Resolution, StaffIdConflict
from security.models.support_grant import SupportGrant
from security.models.token import ApiToken
from security.models.user import User
from security.models.view_only import ViewOnly

__all__ = [
    "Absence",
    "AccessRecord",
    "AccessRequest",
    "AccessRequestPlace",
    "AccessSettings",
    "ApiToken",
    "Assignment",
    "AssurancePeriod",
    "AssuranceSignature",
    "AssuranceText",
    "Departure",
    "Designation",
    "DistrictGrant",
    "DistrictGroupGrant",
    "EndReason",
    "How",
    "Justification",
    "Notice",
    "RemovalProcedure",
    "Resolution",
    "Review",
    "ReviewLine",
    "SecurityPolicy",
    "Session",
    "SiteGrant",
    "SiteGroupGrant",
    "SiteRequests",
    "StaffFile",
    "StaffIdConflict",
    "SupportGrant",
    "Training",
    "User",
    "ViewOnly",
    "access_settings_of",
]
