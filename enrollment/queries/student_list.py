"""What enrollment adds to the list of students: who is in special education, and since when."""

from collections.abc import Mapping, Sequence

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from enrollment.models import SpecialEducationActivity
from students.extensions import ListExtension
from ui.lists import Column, Filter
from ui.parts import Cell


def _narrow(value: str) -> Q:
    theirs = SpecialEducationActivity.objects.filter(student_id=OuterRef("pk"))
    goes_on = Exists(theirs.going_on(timezone.localdate()))
    return Q(goes_on) if value == "yes" else ~Q(goes_on)


def _since(student_ids: Sequence[int]) -> Mapping[int, Cell]:
    rows = SpecialEducationActivity.objects.filter(student_id__in=student_ids)
    rows = rows.going_on(timezone.localdate())
    days = dict(rows.order_by("-first_day").values_list("student_id", "first_day"))
    return {pk: Cell("Yes", sub=f"since {day:%b} {day.day}, {day.year}") for pk, day in days.items()}


SPECIAL_EDUCATION = ListExtension(
    Filter("sped", "Special education", choices=[("", "Any"), ("yes", "Yes"), ("no", "No")]),
    Column("sped", "Special education"),
    _narrow,
    _since,
)
