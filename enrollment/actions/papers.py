"""The documentation of an exit: handed in, decided, missing. Authority: OSSE 2016, slides 6, 19, 26, 34-36.

The reported code is never changed. What counts stands beside it as the effective code (R9.05).
"""

from datetime import date

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from enrollment.access import check_may_decide, check_may_exit
from enrollment.actions import roster
from enrollment.actions.audit import audit_student
from enrollment.actions.rows import locked
from enrollment.actions.support import close_unneeded, keep_file
from enrollment.facts import documentation_of, exit_facts, profile_of
from enrollment.models import Decision, Enrollment, EnrollmentSettings, ExitPaper
from enrollment.rules.codes import DEFAULT_CODE, BecomesDefault, Cohort, ExitCode, exit_code
from enrollment.rules.documentation import is_missing, why_not_decide, why_not_verify
from enrollment.rules.facts import DocumentationState
from enrollment.rules.seds import SedsEvent, leaves_by_evidence
from journal.actions import record
from security import scope
from security.actions.notices import tell
from security.models import User
from security.queries.people import people_with
from security.refusals import RuleBroken
from security.rules.roles import Permission
from ui.dates import in_words

NOT_LEFT = "The student has not left: there is no exit to document."


def row_of_exit(enrollment: Enrollment) -> ExitCode | None:
    return exit_code(profile_of(enrollment.district), enrollment.exit_code)


def why_not_hand_in(enrollment: Enrollment) -> str | None:
    if enrollment.last_day is None:
        return NOT_LEFT
    if enrollment.documentation_accepted_at:
        day = in_words(timezone.localdate(enrollment.documentation_accepted_at))
        return f"The documentation was accepted on {day}."
    return None


@transaction.atomic
def hand_in_paper(*, by: User, enrollment: Enrollment, file: File) -> ExitPaper:
    """R9.01, R9.02: kept for every code; with a code of slide 26 it is what the state decides about."""
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    if sentence := why_not_hand_in(enrollment):
        raise RuleBroken(sentence)
    kept = keep_file(file, "exit_paper", enrollment, by)
    paper = ExitPaper.objects.create(
        student_id=enrollment.student_id, district_id=enrollment.district_id, enrollment=enrollment,
        document_id=kept, by_id=by.pk,
    )  # fmt: skip
    _tell(enrollment, "documentation of the exit handed in", by, paper=paper.pk)
    return paper


@transaction.atomic
def decide_paper(*, by: User, paper: ExitPaper, accepted: bool, reason: str = "") -> ExitPaper:
    """The state reviews what was handed in, once. Raises NotAllowed, RuleBroken.

    Accepted: the reported code counts, the child leaves the rosters that its code names. Refused, with a
    reason: the exit counts as 1984 until something better is handed in.
    """
    check_may_decide(by)
    enrollment = locked(paper.enrollment)
    paper = ExitPaper.objects.select_for_update().get(pk=paper.pk)
    row = _check_to_decide(enrollment, paper)
    if not accepted and not reason.strip():
        raise RuleBroken("Say why it is refused: the district reads it.", "reason")
    paper.decision = Decision.ACCEPTED if accepted else Decision.REFUSED
    paper.reason, paper.decided_by_id, paper.decided_at = reason.strip()[:500], by.pk, timezone.now()
    paper.save(update_fields=["decision", "reason", "decided_by_id", "decided_at"])
    _tell(enrollment, f"documentation of the exit {paper.get_decision_display()}", by, paper=paper.pk)
    if accepted:
        _accept(enrollment, row, by)
    elif documentation_of(enrollment) == DocumentationState.REFUSED:
        _default(enrollment, row, "the state refused its documentation", by)
    audit_student(enrollment.student_id)
    return paper


@transaction.atomic
def verify_credential(*, by: User, enrollment: Enrollment, verifier: str) -> Enrollment:
    """R7.07, R9.04: the state records that DCPS or PCSB has verified the credential."""
    check_may_decide(by)
    enrollment = locked(enrollment)
    row = _row(enrollment)
    if sentence := why_not_verify(row):
        raise RuleBroken(sentence)
    if enrollment.documentation_accepted_at:
        return enrollment
    if not verifier.strip():
        raise RuleBroken("Say who verified the credential.", "verifier")
    _tell(enrollment, f"credential verified by {verifier.strip()[:60]}", by)
    _accept(enrollment, row, by)
    audit_student(enrollment.student_id)
    return enrollment


@transaction.atomic
def declare_no_documentation(*, by: User, enrollment: Enrollment) -> Enrollment:
    """R7.06: the LEA has nothing to hand in, so the exit counts as 1984 and the cohort keeps the student."""
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    row = _row(enrollment)
    if sentence := why_not_decide(row) or why_not_hand_in(enrollment):
        raise RuleBroken(sentence)
    if documentation_of(enrollment) == DocumentationState.SUBMITTED:
        raise RuleBroken("Documentation was handed in: it waits for the state's decision.")
    _default(enrollment, row, "the district has no documentation", by)
    audit_student(enrollment.student_id)
    return enrollment


@transaction.atomic
def lift_default(*, by: User, enrollment: Enrollment, due: date, reason: str) -> Enrollment:
    """The state takes the default back and gives time until a new day: the reported code counts again."""
    check_may_decide(by)
    enrollment = locked(enrollment)
    if not enrollment.defaulted_at:
        raise RuleBroken("The reported code counts already.")
    if due < timezone.localdate():
        raise RuleBroken("Give a day that is still ahead.", "due")
    if not reason.strip():
        raise RuleBroken("Say why the default is taken back.", "reason")
    enrollment.documentation_due = due
    _restore(enrollment)
    if leaves_by_evidence(_row(enrollment), _facts(enrollment)):
        roster.move(enrollment, SedsEvent.DEFAULT_LIFTED, by=by)
    audit_student(enrollment.student_id)
    _tell(enrollment, f"counts with {enrollment.exit_code} again, documentation due {in_words(due)}", by)
    return enrollment


def default_overdue(today: date | None = None) -> int:
    """Every night: exits whose documentation is past its due day and the state's grace. Returns how many.

    Authority: R9.05, A9. Where a state gives no number of days, only a refusal does it.
    """
    day, changed = today or timezone.localdate(), 0
    for state, grace in EnrollmentSettings.objects.exclude(grace_days=None).values_list(
        "state", "grace_days"
    ):
        with scope.system():
            late = Enrollment.objects.filter(
                district__state=state, documentation_due__lt=day, documentation_accepted_at=None,
                defaulted_at=None,
            ).values_list("pk", flat=True)  # fmt: skip
            changed += sum(_default_if_missing(pk, day, grace) for pk in list(late))
    return changed


def _default_if_missing(pk: int, today: date, grace: int) -> bool:
    with transaction.atomic():
        enrollment = locked(Enrollment(pk=pk))
        if not is_missing(enrollment.documentation_due, documentation_of(enrollment), today, grace):
            return False
        if done := _default(enrollment, _row(enrollment), "its documentation is missing", None):
            audit_student(enrollment.student_id)
        return done


def _check_to_decide(enrollment: Enrollment, paper: ExitPaper) -> ExitCode:
    if paper.decision:
        day = in_words(timezone.localdate(paper.decided_at))
        raise RuleBroken(f"This was {paper.get_decision_display()} on {day} already. Nothing was changed.")
    row = _row(enrollment)
    if sentence := why_not_decide(row):
        raise RuleBroken(sentence)
    return row


def _row(enrollment: Enrollment) -> ExitCode:
    row = row_of_exit(enrollment)
    if row is None:
        raise RuleBroken(NOT_LEFT)
    return row


def _facts(enrollment: Enrollment):
    return exit_facts(enrollment, how_known=enrollment.how_known, today=timezone.localdate())


def _accept(enrollment: Enrollment, row: ExitCode, by: User) -> None:
    """R5.01, R7.04: only now the child leaves the special education roster and the cohort."""
    enrollment.documentation_accepted_at = timezone.now()
    if row.leaves_cohort == Cohort.AFTER_APPROVAL:
        enrollment.cohort_left_at = enrollment.documentation_accepted_at
    _restore(enrollment)
    if leaves_by_evidence(row, _facts(enrollment)) and roster.move(
        enrollment, SedsEvent.EVIDENCE_ACCEPTED, by=by
    ):
        close_unneeded(enrollment, "The documentation was accepted.", by=by)


def _restore(enrollment: Enrollment) -> None:
    enrollment.effective_exit_code, enrollment.defaulted_at = enrollment.exit_code, None
    enrollment.version += 1
    enrollment.save()


def _default(enrollment: Enrollment, row: ExitCode, why: str, by: User | None) -> bool:
    """R9.05, R9.06: counts as 1984, told in the journal and to the district. False where nothing changes."""
    if row.defaults_to_1984 != BecomesDefault.YES or enrollment.defaulted_at:
        return False
    enrollment.effective_exit_code, enrollment.defaulted_at = DEFAULT_CODE, timezone.now()
    enrollment.cohort_left_at = None
    enrollment.version += 1
    enrollment.save()
    roster.move(enrollment, SedsEvent.EVIDENCE_REFUSED, by=by)
    _tell(enrollment, f"{row.code} counts as {DEFAULT_CODE}: {why}", by, code=DEFAULT_CODE)
    tell(
        people_with(Permission.ENTER_EXIT, enrollment.district),
        f"An exit with {row.code} counts as {DEFAULT_CODE}: {why}.",
        key=f"exit-default-{enrollment.pk}-{enrollment.version}",
        address=reverse("enrollment:after", args=[enrollment.pk]),
    )
    return True


def _tell(enrollment: Enrollment, words: str, by: User | None, **details) -> None:
    record(
        "EXIT_PAPERS", words, by=by, student_id=enrollment.student_id, district_id=enrollment.district_id,
        enrollment=enrollment.pk, **details,
    )  # fmt: skip
