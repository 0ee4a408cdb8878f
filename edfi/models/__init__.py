"""Connections to a state's Ed-Fi API, what was sent over them, and what stands in the way."""

from edfi.models.awaited_day import AwaitedDay
from edfi.models.connection import Connection, Nightly, YearConfiguration
from edfi.models.dirty_student import DirtyStudent
from edfi.models.identity import Identity
from edfi.models.mapping import DescriptorMapping
from edfi.models.ods import DistrictOds, Number, OdsPull, OdsRecord, OdsValue, PullState, ValueKind
from edfi.models.resync import Result, Resync, ResyncRow, ResyncState
from edfi.models.trouble import Needs, Trouble, TroubleNote

__all__ = [
    "AwaitedDay",
    "Connection",
    "DescriptorMapping",
    "DirtyStudent",
    "DistrictOds",
    "Identity",
    "Needs",
    "Nightly",
    "Number",
    "OdsPull",
    "OdsRecord",
    "OdsValue",
    "PullState",
    "Result",
    "Resync",
    "ResyncRow",
    "ResyncState",
    "Trouble",
    "TroubleNote",
    "ValueKind",
    "YearConfiguration",
]
