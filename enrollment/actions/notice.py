"""Reaching the family, the prior written notice, and the Part C history.

Authority: OSSE 2016, slides 24, 28-29.
"""

from dataclasses import dataclass
from datetime import date, time

from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_exit
from enrollment.actions import roster
from enrollment.actions.duties import close_duties
from enrollment.actions.papers import row_of_exit
from enrollment.actions.rows import locked
from enrollment.actions.support import close_unneeded, keep_file
from enrollment.models import ContactAttempt, ContactWay, Duty, DutyKind, Enrollment, ExitNotice, SedsState
from enrollment.rules.codes import Evidence
from enrollment.rules.facts import PartC
from enrollment.rules.seds import SedsEvent
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken
from students.models import Student
from ui.dates import in_words


@transaction.atomic
def record_contact_attempt(
    *, by: User, enrollment: Enrollment, on: date, way: ContactWay, result: str
) -> ContactAttempt:
    """R3.04, R5.09: one attempt to reach the family, also before the exit; sent again it is the same one.

    Raises NotAllowed, RuleBroken.
    """
    check_may_exit(by, enrollment)
    tried = Attempt(on, way, result)
    return keep_attempt(tried, enrollment.student_id, enrollment.district_id, locked(enrollment), by=by)


@dataclass(frozen=True)
class Attempt:
    """One try to reach the family; `at_time` is local, `document_id` a proof that is stored already."""

    on: date
    way: ContactWay | str
    result: str
    at_time: time | None = None
    whom: str = ""
    about: str = ""
    document_id: int | None = None


def keep_attempt(
    tried: Attempt, student_id: int, district_id: int, enrollment: Enrollment | None, *, by: User
) -> ContactAttempt:
    """One line of the log, for whoever has checked that `by` may. Sent again it is the same one; with a proof
    it is another, so that none is lost. Raises RuleBroken.
    """
    _check_past(tried.on, "on")
    if tried.at_time and (tried.on, tried.at_time) > _now():
        raise RuleBroken("This time has not come yet.", "at_time")
    if not tried.result.strip():
        raise RuleBroken("Say what came of it.", "result")
    said = {
        "student_id": student_id, "enrollment": enrollment, "on": tried.on, "at_time": tried.at_time,
        "way": tried.way, "result": tried.result.strip()[:500], "whom": tried.whom.strip(),
        "about": tried.about.strip(),
    }  # fmt: skip
    there = ContactAttempt.objects.filter(**said).first()
    if there and not tried.document_id:
        return there
    attempt = ContactAttempt.objects.create(
        **said, district_id=district_id, by_id=by.pk, document_id=tried.document_id
    )
    words = f"tried to reach the family on {in_words(tried.on)} by {attempt.get_way_display()}"
    _tell(words, student_id, district_id, by, enrollment and enrollment.pk)
    return attempt


def why_not_notice(enrollment: Enrollment) -> str | None:
    """R5.08: the notice belongs to an exit that does not end special education by itself."""
    if notice := ExitNotice.objects.filter(enrollment=enrollment).first():
        return f"Prior written notice was issued on {in_words(notice.issued_on)}."
    if enrollment.seds_state == SedsState.NOT_ON:
        return "The student is not on the special education roster: no notice is needed."
    if enrollment.seds_state == SedsState.EXIT_CODED:
        return "This exit waits for its documentation; a notice is needed only if that is refused."
    if not roster.can_move(enrollment, SedsEvent.NOTICE_ISSUED):
        return "There is no exit here that needs a prior written notice."
    return None


@transaction.atomic
def issue_exit_notice(*, by: User, enrollment: Enrollment, on: date, file: File | None = None) -> ExitNotice:
    """R5.08, R5.09: services to the child go on until this day. Raises NotAllowed, RuleBroken."""
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    if sentence := why_not_notice(enrollment):
        raise RuleBroken(sentence)
    _check_past(on, "issued_on")
    if on < enrollment.first_day:
        raise RuleBroken(f"The student entered on {in_words(enrollment.first_day)}.", "issued_on")
    kept = keep_file(file, "exit_notice", enrollment, by) if file else None
    notice = ExitNotice.objects.create(
        student_id=enrollment.student_id, district_id=enrollment.district_id, enrollment=enrollment,
        by_id=by.pk, issued_on=on, document_id=kept,
    )  # fmt: skip
    roster.move(enrollment, SedsEvent.NOTICE_ISSUED, by=by)
    _tell_of(enrollment, f"issued prior written notice on {in_words(on)}", by)
    return notice


@transaction.atomic
def answer_part_c(*, by: User, enrollment: Enrollment, served: bool, how: str) -> Enrollment:
    """R5.03-R5.05: was the child ever served under Part C? "No" lets 1960 take it off the roster."""
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    duty = Duty.objects.filter(enrollment=enrollment, kind=DutyKind.PART_C_HISTORY, done_on=None).first()
    if duty is None:
        raise RuleBroken("The Part C history is not asked for here.")
    if not how.strip():
        raise RuleBroken("Say how it is known.", "how")
    answer = PartC.YES if served else PartC.NO
    _keep_history(enrollment.student_id, answer)
    close_duties(
        enrollment.duties.all(), f"{answer.value}: {how.strip()}", by=by, kinds=[DutyKind.PART_C_HISTORY]
    )
    _tell_of(enrollment, f"Part C history: {answer.value}", by)
    row = row_of_exit(enrollment)
    shown = row is not None and row.evidence == Evidence.PART_C_HISTORY and not served
    if shown and roster.move(enrollment, SedsEvent.EVIDENCE_ACCEPTED, by=by):
        close_unneeded(enrollment, "The student was never served under Part C.", by=by)
    return enrollment


def _keep_history(student_id: int, answer: PartC) -> None:
    student = Student.objects.select_for_update().get(pk=student_id)
    student.part_c_history = answer.value.upper()
    student.version += 1
    student.save(update_fields=["part_c_history", "version", "modified_at"])


def _now() -> tuple[date, time]:
    now = timezone.localtime()
    return now.date(), now.time()


def _check_past(day: date, field: str) -> None:
    if day > timezone.localdate():
        raise RuleBroken(f"{in_words(day)} has not come yet.", field)


def _tell_of(enrollment: Enrollment, words: str, by: User) -> None:
    _tell(words, enrollment.student_id, enrollment.district_id, by, enrollment.pk)


def _tell(words: str, student_id: int, district_id: int, by: User, enrollment_id: int | None) -> None:
    record(
        "EXIT_NOTICE", words, by=by, student_id=student_id, district_id=district_id, enrollment=enrollment_id
    )
