"""What a district owes a child: opened by an entry or an exit, closed by what was done."""

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from enrollment.access import check_may_exit
from enrollment.models import Duty, DutyKind, Enrollment
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

# These end by a verb of their own, which knows what follows.
BY_THEMSELVES = {
    DutyKind.ENTER_AGAIN: "This ends by itself when the student enters the nonpublic school with 1811.",
    DutyKind.PART_C_HISTORY: "Answer the question instead: the roster follows from the answer.",
}


def open_duty(enrollment: Enrollment, kind: DutyKind, since: date) -> Duty:
    """The open one of its kind, made when there is none."""
    duty, new = Duty.objects.get_or_create(
        enrollment=enrollment, kind=kind, done_on=None,
        defaults={
            "student_id": enrollment.student_id, "district_id": enrollment.district_id, "since": since
        },
    )  # fmt: skip
    if new:
        _tell(duty, f"owes: {duty.get_kind_display()}", by=None)
    return duty


def close_duties(duties: QuerySet[Duty], how: str, *, by: User | None, kinds: Collection[DutyKind]) -> int:
    """Closes those that are open; returns how many."""
    found = list(duties.filter(done_on=None, kind__in=kinds).select_for_update())
    for duty in found:
        _close(duty, how, by)
    return len(found)


def has_come(enrollment: Enrollment, how: str, *, by: User) -> None:
    """A child who attends need not be looked for any more by this district."""
    here = Duty.objects.filter(student=enrollment.student_id, district=enrollment.district_id)
    close_duties(here, how, by=by, kinds=[DutyKind.WHEREABOUTS])


@transaction.atomic
def finish_duty(*, by: User, duty: Duty, how: str) -> Duty:
    """The district says what it did. A duty that is done stays done. Raises NotAllowed, RuleBroken."""
    check_may_exit(by, duty.enrollment)
    duty = Duty.objects.select_for_update().get(pk=duty.pk)
    if duty.done_on:
        return duty
    if sentence := BY_THEMSELVES.get(DutyKind(duty.kind)):
        raise RuleBroken(sentence, "how")
    if not how.strip():
        raise RuleBroken("Say what was done, and when.", "how")
    _close(duty, how.strip(), by)
    return duty


def _close(duty: Duty, how: str, by: User | None) -> None:
    duty.done_on, duty.done_how = timezone.localdate(), how[:300]
    duty.done_by_id = by.pk if by else None
    duty.save(update_fields=["done_on", "done_how", "done_by_id"])
    _tell(duty, f"done: {duty.get_kind_display()}", by=by)


def _tell(duty: Duty, words: str, by: User | None) -> None:
    record(
        "DUTY", words, by=by, student_id=duty.student_id, district_id=duty.district_id, duty=duty.kind,
        enrollment=duty.enrollment_id,
    )  # fmt: skip
