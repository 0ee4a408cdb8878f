"""What is known of a child's early intervention (Part C) is written down."""

from django.db import transaction
from django.utils import timezone

from journal.actions import record
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from students.access import responsible_today, why_not_record_part_c
from students.models import PartCHistory, Student
from students.rules.part_c import EarlyIntervention, why_not

FIELDS = ("part_c_history", "part_c_since", "part_c_continued_on")


@transaction.atomic
def record_part_c(*, by: User, student: Student, known: EarlyIntervention, how: str) -> Student:
    """For indicator 12 and the third birthday. Authority: 34 CFR 300.124. Raises NotAllowed, RuleBroken."""
    if sentence := why_not_record_part_c(by, student):
        raise NotAllowed(sentence)
    student = Student.objects.select_for_update(of=("self",)).get(pk=student.pk)
    if refused := why_not(known, student.birth_date, timezone.localdate()):
        raise RuleBroken(*refused)
    if not how.strip():
        raise RuleBroken("Say how it is known.", "how")
    student.part_c_history = PartCHistory.YES if known.served else PartCHistory.NO
    student.part_c_since, student.part_c_continued_on = known.since, known.continued_on
    student.version += 1
    student.save(update_fields=[*FIELDS, "version", "modified_at"])
    _tell(student, known, how.strip(), by)
    return student


def _tell(student: Student, known: EarlyIntervention, how: str, by: User) -> None:
    place = responsible_today(student)
    said = "served in early intervention" if known.served else "never served in early intervention"
    record("PART_C_RECORDED", f"{said}: {how}", by=by, student_id=student.pk, district_id=place and place.pk)
