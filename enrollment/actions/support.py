"""Requests to the state: asked with the due diligence first, answered, and what a grant sets free.

Authority: OSSE 2016, slides 23, 29 and 41-45.
"""

from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils import timezone

from documents.actions import store
from documents.rules import FileRefused
from enrollment.access import check_may_decide, check_may_exit
from enrollment.actions import roster
from enrollment.actions.rows import locked
from enrollment.facts import exit_facts
from enrollment.models import (
    Enrollment,
    ExitNotice,
    RequestState,
    SedsState,
    SupportAnswer,
    SupportRequest,
)
from enrollment.rules.seds import SedsEvent, why_not_request_exit
from enrollment.rules.support_issues import ADMINISTRATIVE_EXIT, issue_of, why_not_submit
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words

EVENTS = {
    RequestState.GRANTED: SedsEvent.REQUEST_GRANTED,
    RequestState.REFUSED: SedsEvent.REQUEST_REFUSED,
    RequestState.WITHDRAWN: SedsEvent.REQUEST_WITHDRAWN,
}


def why_not_request(enrollment: Enrollment) -> str | None:
    """R5.09-R5.11: recorded attempts and the notice come first, in this order."""
    if enrollment.seds_state == SedsState.ADMIN_EXIT_REQUESTED:
        return "An administrative exit is requested already: it waits for the state's answer."
    if enrollment.last_day and enrollment.seds_state in (SedsState.PENDING_PWN, SedsState.PWN_ISSUED):
        facts = exit_facts(enrollment, how_known="", today=timezone.localdate())
        if sentence := why_not_request_exit(facts):
            return sentence
    if not roster.can_move(enrollment, SedsEvent.EXIT_REQUESTED):
        return "There is no exit here that an administrative exit could complete."
    return None


@transaction.atomic
def request_administrative_exit(
    *, by: User, enrollment: Enrollment, words: str, due_diligence: str, file: File | None = None
) -> SupportRequest:
    """R5.10: the issue named by the state, with the due-diligence record first."""
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    if sentence := why_not_request(enrollment):
        raise RuleBroken(sentence)
    asked = _open(enrollment, ADMINISTRATIVE_EXIT, words, due_diligence, by=by, file=file)
    roster.move(enrollment, SedsEvent.EXIT_REQUESTED, by=by)
    return asked


@transaction.atomic
def ask_the_state(
    *,
    by: User,
    enrollment: Enrollment,
    sub_category: str,
    words: str,
    due_diligence: str,
    file: File | None = None,
) -> SupportRequest:
    """R11.01, R11.02: a request about this enrollment. Raises NotAllowed, RuleBroken."""
    if sub_category == ADMINISTRATIVE_EXIT:
        return request_administrative_exit(
            by=by, enrollment=enrollment, words=words, due_diligence=due_diligence, file=file
        )
    check_may_exit(by, enrollment)
    return _open(locked(enrollment), sub_category, words, due_diligence, by=by, file=file)


def open_no_show_request(enrollment: Enrollment, *, by: User) -> SupportRequest:
    """R3.06: a no-show code triggers the request by which the state takes the student off its roster."""
    words = f"No-show {enrollment.exit_code}: administrative exit from the state enrollment roster."
    return _open(enrollment, "", words, due_diligence_of(enrollment), by=by)


def due_diligence_of(enrollment: Enrollment) -> str:
    """What is on record of the efforts: the account of the exit, and each attempt."""
    attempts = [
        f"{in_words(row.on)}, {row.get_way_display()}: {row.result}"
        for row in enrollment.contact_attempts.all()
    ]
    found = "\n".join(filter(None, [enrollment.how_known.strip(), *attempts]))
    return found or f"Registered on {in_words(enrollment.first_day)}; no day of attendance is recorded."


@transaction.atomic
def answer_request(*, by: User, request: SupportRequest, words: str, state: RequestState) -> SupportRequest:
    """The state answers: asks back, grants or refuses. Raises NotAllowed, RuleBroken."""
    check_may_decide(by)
    if state not in (RequestState.ANSWERED, RequestState.GRANTED, RequestState.REFUSED):
        raise RuleBroken("Choose what the answer does: ask back, grant or refuse.", "state")
    if not words.strip():
        raise RuleBroken("Write the answer: the district reads it.", "words")
    return _answer(request, words.strip(), state, by)


@transaction.atomic
def withdraw_request(*, by: User, request: SupportRequest, words: str = "") -> SupportRequest:
    """The district takes it back; the roster returns to where it was before."""
    _check_of_district(by, request)
    return _answer(request, words.strip() or "Not needed any more.", RequestState.WITHDRAWN, by)


@transaction.atomic
def add_to_request(*, by: User, request: SupportRequest, words: str) -> SupportRequest:
    """The district answers what the state asked back; the request waits for the state again."""
    _check_of_district(by, request)
    if not words.strip():
        raise RuleBroken("Write what the state asked for.", "words")
    return _answer(request, words.strip(), RequestState.OPEN, by)


def withdraw_overtaken(entered: Enrollment, said: str, *, by: User | None) -> None:
    """The child is back: what was asked to end its special education is not asked any more."""
    open_ones = SupportRequest.objects.open().filter(
        student=entered.student_id, sub_category=ADMINISTRATIVE_EXIT
    )
    for asked in open_ones.select_for_update():
        _close(asked, f"The student {said}.", RequestState.WITHDRAWN, by)


def close_unneeded(enrollment: Enrollment, why: str, *, by: User) -> None:
    """Special education ended another way while the request was open."""
    rows = enrollment.support_requests.filter(closed_at=None, sub_category=ADMINISTRATIVE_EXIT)
    for asked in rows.select_for_update():
        _close(asked, why, RequestState.WITHDRAWN, by)


def _check_of_district(by: User, request: SupportRequest) -> None:
    if request.enrollment is None:
        raise RuleBroken("This request stands for itself: the state closes it.")
    check_may_exit(by, request.enrollment)


def _answer(request: SupportRequest, words: str, state: RequestState, by: User) -> SupportRequest:
    enrollment = locked(request.enrollment) if request.enrollment_id else None
    request = SupportRequest.objects.select_for_update().get(pk=request.pk)
    if request.closed_at:
        raise RuleBroken(
            f"This request was closed on {in_words(timezone.localdate(request.closed_at))}:"
            f" {request.get_state_display()}. Nothing was changed."
        )
    _close(request, words, state, by)
    if enrollment and request.sub_category == ADMINISTRATIVE_EXIT and state in EVENTS:
        roster.move(enrollment, EVENTS[state], by=by, until=_notice_day(enrollment))
    return request


def _close(request: SupportRequest, words: str, state: RequestState, by: User | None) -> None:
    """Keeps the answer; only a question back leaves the request open."""
    SupportAnswer.objects.create(request=request, by_id=by.pk if by else None, words=words, state=state)
    request.state = state
    if state in EVENTS:
        request.closed_at = timezone.now()
    request.save(update_fields=["state", "closed_at"])
    record(
        "SUPPORT_REQUEST", f"request to the state: {state.label}", by=by, student_id=request.student_id,
        district_id=request.district_id, request=request.pk,
    )  # fmt: skip


def _notice_day(enrollment: Enrollment):
    """R5.08: services went on until the notice."""
    notice = ExitNotice.objects.filter(enrollment=enrollment).first()
    return notice.issued_on if notice else None


def _open(
    enrollment: Enrollment,
    sub_category: str,
    words: str,
    due_diligence: str,
    *,
    by: User,
    file: File | None = None,
) -> SupportRequest:
    issue = issue_of(sub_category)
    if issue is None:
        raise RuleBroken("Choose what the request is about.", "sub_category")
    if sentence := why_not_submit(due_diligence):
        raise RuleBroken(sentence, "due_diligence")
    kept = keep_file(file, "due_diligence", enrollment, by) if file else None
    try:
        with transaction.atomic():
            asked = SupportRequest.objects.create(
                student_id=enrollment.student_id, district_id=enrollment.district_id, enrollment=enrollment,
                issue_type=issue.issue_type, sub_category=issue.sub_category, words=words.strip(),
                due_diligence=due_diligence.strip(), document_id=kept, by_id=by.pk,
            )  # fmt: skip
    except IntegrityError:
        raise RuleBroken(
            "A request of this kind is open already for this enrollment: add to it instead.", "sub_category"
        ) from None
    record(
        "SUPPORT_REQUEST", f"asked the state: {issue.sub_category or issue.issue_type}", by=by,
        student_id=enrollment.student_id, district_id=enrollment.district_id, request=asked.pk,
    )  # fmt: skip
    return asked


def keep_file(file: File, kind: str, enrollment: Enrollment, by: User) -> int:
    """The number of the stored file. Raises RuleBroken where the file is not taken."""
    try:
        kept = store(file, kind, by.pk, student_id=enrollment.student_id, district_id=enrollment.district_id)
    except FileRefused as refusal:
        raise RuleBroken(str(refusal), "file") from None
    return kept.pk
