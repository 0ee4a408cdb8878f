"""Enrollments and the special education roster."""

from enrollment.models.activity import SpecialEducationActivity
from enrollment.models.enrollment import Enrollment, SedsState, ServiceType, StateType

__all__ = ["Enrollment", "SedsState", "ServiceType", "SpecialEducationActivity", "StateType"]
