"""Enrollments and the special education roster."""

from enrollment.models.activity import SpecialEducationActivity
from enrollment.models.duty import Duty, DutyKind
from enrollment.models.enrollment import Enrollment, SedsState, ServiceType, StateType
from enrollment.models.feed import ED_FI, YEAR_END, FeedChange, FeedFolder, FeedLoad, FeedRow, FeedState
from enrollment.models.finding import Finding
from enrollment.models.local_code import CodeKind, LocalCode
from enrollment.models.papers import ContactAttempt, ContactWay, Decision, ExitNotice, ExitPaper
from enrollment.models.seat_hold import Released, SeatHold
from enrollment.models.settings import EnrollmentSettings
from enrollment.models.support_request import RequestState, SupportAnswer, SupportRequest

__all__ = [
    "ED_FI",
    "YEAR_END",
    "CodeKind",
    "ContactAttempt",
    "ContactWay",
    "Decision",
    "Duty",
    "DutyKind",
    "Enrollment",
    "EnrollmentSettings",
    "ExitNotice",
    "ExitPaper",
    "FeedChange",
    "FeedFolder",
    "FeedLoad",
    "FeedRow",
    "FeedState",
    "Finding",
    "LocalCode",
    "Released",
    "RequestState",
    "SeatHold",
    "SedsState",
    "ServiceType",
    "SpecialEducationActivity",
    "StateType",
    "SupportAnswer",
    "SupportRequest",
]
