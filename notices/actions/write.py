"""A notice is drafted, changed as long as it is a draft, or discarded."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.models import Enrollment
from evaluations.models import Evaluation
from notices import access
from notices.actions.hold import REPLACED, hold, refuse_before
from notices.deeds import Deed, tell
from notices.models import Notice
from notices.rules.kinds import NoticeRow, not_on_offer, notice_row, offered
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from students.rules.languages import languages

LONGEST = 20_000


@dataclass(frozen=True)
class Typed:
    """`elements` by the names of rules/elements.csv; `event_on` is the day that the notice is about."""

    elements: Mapping[str, str] = field(default_factory=dict)
    language: str = "eng"
    event_on: date | None = None


@transaction.atomic
def draft(
    *, by: User, student: Student, kind: str, typed: Typed, evaluation: Evaluation | None = None,
    enrollment: Enrollment | None = None, replaces: Notice | None = None,
) -> Notice:  # fmt: skip
    """A draft may be incomplete. Raises NotAllowed, RuleBroken."""
    district = access.check_may_write(by, student)
    row = _row(kind, district.state.profile)
    _check(row, typed, student)
    _check_same_child(student, evaluation, enrollment, replaces)
    if replaces:
        _check_replaces(replaces, row)
    notice = Notice.objects.create(
        student=student, district=district, kind=row.kind, written_by_id=by.pk, replaces=replaces,
        evaluation_id=evaluation.pk if evaluation else replaces and replaces.evaluation_id,
        enrollment_id=enrollment.pk if enrollment else replaces and replaces.enrollment_id, **_columns(typed),
    )  # fmt: skip
    tell(Deed.DRAFTED, f"{row.name} drafted", notice, by=by)
    return notice


@transaction.atomic
def change(*, by: User, notice: Notice, typed: Typed, seen: int | None = None) -> Notice:
    """Raises NotAllowed, RuleBroken, Stale."""
    notice = hold(notice, seen)
    access.check_may_change(by, notice)
    _check(_row(notice.kind, notice.district.state.profile), typed, notice.student)
    for name, value in _columns(typed).items():
        setattr(notice, name, value)
    notice.version += 1
    notice.save()
    return notice


@transaction.atomic
def discard(*, by: User, notice: Notice, seen: int | None = None) -> None:
    """Only a draft: what was issued is kept. Raises NotAllowed, RuleBroken, Stale."""
    notice = hold(notice, seen)
    access.check_may_change(by, notice)
    tell(Deed.DISCARDED, f"draft discarded: {notice.name}", notice, by=by)
    notice.delete()


def _row(kind: str, profile: str) -> NoticeRow:
    row = notice_row(kind)
    if row is None or row not in offered(profile, timezone.localdate()):
        raise RuleBroken("Choose which notice it is.", "kind")
    return row


def _check(row: NoticeRow, typed: Typed, student: Student) -> None:
    if typed.event_on:
        refuse_before(typed.event_on, student.birth_date, "day", "birth", "event_on")
    if sentence := not_on_offer(row.kind, typed.elements):
        raise RuleBroken(sentence, "elements")
    if longest := next((name for name, text in typed.elements.items() if len(text) > LONGEST), None):
        raise RuleBroken(f"At most {LONGEST:,} characters fit here.", longest)
    if typed.language not in languages():
        raise RuleBroken("Choose the language.", "language")


def _check_same_child(student: Student, *about: Evaluation | Enrollment | Notice | None) -> None:
    if any(row is not None and row.student_id != student.pk for row in about):
        raise RuleBroken("This belongs to another student.")


def _check_replaces(replaced: Notice, row: NoticeRow) -> None:
    if replaced.issued_on is None:
        raise RuleBroken("The other notice is a draft: change that one.")
    if replaced.kind != row.kind:
        raise RuleBroken("A notice is replaced by one of its kind.")
    if replaced.replaced_by.filter(issued_on__isnull=False).exists():
        raise RuleBroken(REPLACED)


def _columns(typed: Typed) -> dict[str, object]:
    """Lines end in one way, whichever way they were sent in."""
    found = {name: text.replace("\r\n", "\n").strip() for name, text in typed.elements.items()}
    texts = {name: text for name, text in found.items() if text}
    return {"elements": texts, "language": typed.language, "event_on": typed.event_on}
