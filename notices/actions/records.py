"""Parents ask to see the records of their child, and are answered. Authority: 34 CFR 99.10, 300.613."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from notices import access
from notices.actions.hold import refuse_before, refuse_empty, refuse_future
from notices.deeds import Deed, tell
from notices.models import RecordsRequest, Way
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words


@dataclass(frozen=True)
class Asked:
    """`meeting_on`: the IEP meeting or hearing before which they want to have seen it, if there is one."""

    by: str
    on: date
    what: str
    meeting_on: date | None = None


@transaction.atomic
def take_records_request(*, by: User, student: Student, asked: Asked) -> RecordsRequest:
    """The 45 days run from the day on which it came in. Raises NotAllowed, RuleBroken."""
    district = access.check_may_keep_contacts(by, student)
    refuse_future(asked.on, "request", "asked_on")
    refuse_before(asked.on, student.birth_date, "request", "birth", "asked_on")
    if asked.meeting_on:
        refuse_before(asked.meeting_on, asked.on, "meeting", "request", "meeting_on")
    refuse_empty(asked.by, "Say who asked.", "asked_by")
    refuse_empty(asked.what, "Say what they want to see, also when it is the whole record.", "what")
    request = RecordsRequest.objects.create(
        student=student, district=district, asked_by=asked.by.strip(), asked_on=asked.on,
        what=asked.what.strip(), meeting_on=asked.meeting_on, by_id=by.pk,
    )  # fmt: skip
    tell(Deed.ASKED, f"records asked for, {in_words(asked.on)}", request, by=by)
    return request


@transaction.atomic
def answer_records_request(
    *, by: User, request: RecordsRequest, on: date, way: str, answer: str = ""
) -> RecordsRequest:
    """Answered once; by whom, that district's from then on. Raises NotAllowed, RuleBroken."""
    rows = RecordsRequest.objects.select_for_update(of=("self",)).select_related("student")
    request = rows.get(pk=request.pk)
    district = access.check_may_keep_contacts(by, request.student)
    if request.answered_on:
        raise RuleBroken(f"This request was answered on {in_words(request.answered_on)}.")
    refuse_future(on, "answer", "on")
    refuse_before(on, request.asked_on, "answer", "request", "on")
    if way not in Way.values:
        raise RuleBroken("Choose how it was answered.", "way")
    request.answered_on, request.way, request.answer = on, way, answer.strip()
    request.answered_by_id, request.district = by.pk, district
    request.save()
    tell(Deed.ANSWERED, f"request for records answered, {in_words(on)}", request, by=by, way=way)
    return request
