"""An attempt to reach the parents: one line of the one log.

Enrollment keeps the log, because an administrative exit asks for it; it is written from here for every child,
enrolled or not. What is recorded here meets what the exit asks for (OSSE R5.09).
"""

from dataclasses import replace

from django.core.files.base import File
from django.db import transaction

from enrollment.actions import Attempt, keep_attempt
from enrollment.models import ContactAttempt, Enrollment
from notices import access
from notices.actions.hold import kept_file, refuse_before, refuse_empty
from organizations.models import District
from security.models import User
from students.models import Student


@transaction.atomic
def log_contact(*, by: User, student: Student, tried: Attempt, file: File | None = None) -> ContactAttempt:
    """Authority: 34 CFR 300.322(d), 300.300(d)(5). Raises NotAllowed, RuleBroken."""
    district = access.check_may_keep_contacts(by, student)
    refuse_before(tried.on, student.birth_date, "attempt", "birth", "on")
    refuse_empty(tried.whom, "Say whom you tried to reach.", "whom")
    document = kept_file(file, "contact_proof", student.pk, district.pk, by)
    enrollment = _enrollment_of(student, district)
    return keep_attempt(replace(tried, document_id=document), student.pk, district.pk, enrollment, by=by)


def _enrollment_of(student: Student, district: District) -> Enrollment | None:
    """The one that goes on, else the latest: an exit that waits for its papers."""
    rows = Enrollment.objects.filter(student=student, district=district, no_show=False)
    found = list(rows.order_by("-first_day", "-pk")[:5])
    return next((row for row in found if row.last_day is None), found[0] if found else None)
