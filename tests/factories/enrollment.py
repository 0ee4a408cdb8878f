"""Enrollments and activities."""

from datetime import date

import factory

from enrollment.models import Enrollment, SpecialEducationActivity

from .arranging import Arranged
from .organizations import DistrictFactory, SiteFactory
from .students import StudentFactory


class EnrollmentFactory(Arranged):
    class Meta:
        model = Enrollment

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    site = factory.SubFactory(SiteFactory, district=factory.SelfAttribute("..district"))
    grade = "06"
    entry_code = "1880"
    first_day = date(2026, 8, 10)


class ActivityFactory(Arranged):
    class Meta:
        model = SpecialEducationActivity

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    first_day = date(2023, 8, 14)
