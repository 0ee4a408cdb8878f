"""IEPs, their texts and services."""

from datetime import date

import factory

from ieps.models import Iep, SectionText, Service

from .arranging import Arranged
from .organizations import DistrictFactory
from .students import StudentFactory


class IepFactory(Arranged):
    class Meta:
        model = Iep

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    category = "REG"
    kind = "INI"


class SectionTextFactory(Arranged):
    class Meta:
        model = SectionText

    iep = factory.SubFactory(IepFactory)
    section = "GSI"
    field = "strengths"
    text = "Reads maps well."


class ServiceFactory(Arranged):
    class Meta:
        model = Service

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    code = "SEI"
    recipient = "S"
    first_day = date(2026, 8, 10)
