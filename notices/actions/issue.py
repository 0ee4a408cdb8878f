"""A notice is issued: from here on it stays as it is."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from enrollment.access import why_not_exit
from enrollment.actions import issue_exit_notice
from enrollment.actions.notice import why_not_notice
from enrollment.models import Enrollment
from evaluations.models.locked_report import hash_of
from notices import access
from notices.actions.hold import REPLACED, hold, refuse_before, refuse_future
from notices.deeds import Deed, tell
from notices.lines import lines_of
from notices.models import Notice
from notices.rules.kinds import Kind, why_not_issue
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words


@transaction.atomic
def issue(*, by: User, notice: Notice, on: date, seen: int | None = None) -> Notice:
    """Complete, dated, hashed. A prior written notice about an exit is that exit's notice too (OSSE R5.08).

    Authority: 34 CFR 300.503(b). Raises NotAllowed, RuleBroken (everything that is missing), Stale.
    """
    notice = hold(notice, seen)
    access.check_may_issue(by, notice)
    _check_replaces_standing(notice)
    if sentence := why_not_issue(notice.kind, notice.elements, notice.event_on):
        raise RuleBroken(sentence)
    _check_day(notice, on)
    notice.issued_on, notice.issued_by_id = on, by.pk
    notice.lines = lines_of(notice, on)
    notice.sha256 = hash_of(notice.pk, notice.lines)
    notice.version += 1
    notice.save()
    tell(Deed.ISSUED, f"{notice.name} issued, {in_words(on)}", notice, by=by, notice_kind=notice.kind)
    _follow_exit(notice, on, by)
    return notice


@transaction.atomic
def issue_from_record(
    *, by: User, student: Student, kind: str, record: Iterable[tuple[str, str]], on: date
) -> Notice:
    """A notice made from another record, issued as it is made; delivered and printed like every other.

    `record`: what it says, label and text. Raises NotAllowed, RuleBroken.
    """
    district = access.check_may_write(by, student)
    notice = Notice(student=student, district=district, kind=kind, written_by_id=by.pk)
    _check_day(notice, on)
    notice.save()  # the hash is over its number too
    notice.issued_on, notice.issued_by_id = on, by.pk
    notice.lines = lines_of(notice, on, record)
    notice.sha256 = hash_of(notice.pk, notice.lines)
    notice.save()
    tell(Deed.ISSUED, f"{notice.name} issued, {in_words(on)}", notice, by=by, notice_kind=notice.kind)
    return notice


def _check_replaces_standing(notice: Notice) -> None:
    """Of two drafts that replace one notice the first to be issued does; held, so that they wait in line."""
    if notice.replaces_id is None:
        return
    replaced = Notice.objects.select_for_update(of=("self",)).get(pk=notice.replaces_id)
    if replaced.replaced_by.issued().exists():
        raise RuleBroken(REPLACED)


def _check_day(notice: Notice, on: date) -> None:
    refuse_future(on, "day of issue", "on")
    refuse_before(on, notice.student.birth_date, "day of issue", "birth", "on")
    replaced = notice.replaces
    if replaced and replaced.issued_on:
        refuse_before(on, replaced.issued_on, "day of issue", "notice that it replaces,", "on")


def _follow_exit(notice: Notice, on: date, by: User) -> None:
    """Whoever may not exit the student leaves that step to who may."""
    if notice.kind != Kind.PRIOR_WRITTEN or notice.enrollment_id is None:
        return
    enrollment = Enrollment.objects.filter(pk=notice.enrollment_id, student=notice.student_id).first()
    if enrollment and why_not_exit(by, enrollment) is None and why_not_notice(enrollment) is None:
        issue_exit_notice(by=by, enrollment=enrollment, on=on)
