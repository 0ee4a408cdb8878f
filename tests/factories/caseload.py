"""Deadlines as they are counted and stored."""

from datetime import date

import factory
from django.utils import timezone

from caseload.models import Deadline, RecordKind

from .arranging import Arranged
from .organizations import DistrictFactory
from .students import StudentFactory


class DeadlineFactory(Arranged):
    """As counted and stored: DeadlineFactory(student=child, district=mine, due_on=day, responsible=me)."""

    class Meta:
        model = Deadline

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    number = "D02"
    record_kind = RecordKind.EVALUATION
    record_id = factory.Sequence(lambda n: n + 1)
    starts_on = date(2026, 9, 1)
    standing = "OPEN"
    rule = "D02"
    rule_hash = "0"
    counted_at = factory.LazyFunction(timezone.now)
