"""Places, and the calendars by which their days are counted."""

from organizations.models.calendar import Calendar, ClosedDay, SchoolYear
from organizations.models.place import District, DistrictKind, Site, SiteAffiliation, SiteKind, State

__all__ = [
    "Calendar",
    "ClosedDay",
    "District",
    "DistrictKind",
    "SchoolYear",
    "Site",
    "SiteAffiliation",
    "SiteKind",
    "State",
]
