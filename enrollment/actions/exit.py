"""A student leaves. Authority: OSSE 2016, slides 23-29."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from enrollment.access import check_may_exit
from enrollment.actions import consequences, jurisdictions
from enrollment.actions.audit import audit_student
from enrollment.actions.rows import locked
from enrollment.actions.special_education import end_with_the_exit
from enrollment.facts import exit_facts, has_special_education, profile_of
from enrollment.models import Enrollment, SedsState
from enrollment.rules.backdating import lag_days, phantom_period
from enrollment.rules.codes import ExitCode, exit_code
from enrollment.rules.documentation import documentation_due
from enrollment.rules.exits import GENERAL_EDUCATION_NO_SHOW, SPECIAL_EDUCATION_NO_SHOW, why_not_exit
from enrollment.rules.facts import REGISTERED, ExitFacts
from enrollment.rules.seds import seds_after_exit
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken, Stale
from ui.dates import in_words

FARTHEST_AHEAD = 366  # days: an exit may be announced, but a year ahead is a slip of typing


@transaction.atomic
def exit_student(
    *,
    by: User,
    enrollment: Enrollment,
    code: str,
    on: date,
    how_known: str = "",
    new_school: str = "",
    version: int | None = None,
) -> Enrollment:
    """The student leaves this enrollment. The same exit sent again answers with what was saved.

    `version` is the number that the person saw. Raises NotAllowed, RuleBroken (with its field), or Stale
    when somebody else saved in the meantime.
    """
    check_may_exit(by, enrollment)
    enrollment = locked(enrollment)
    if (enrollment.exit_code, enrollment.last_day) == (code, on):
        return enrollment
    _check_unchanged(enrollment, version)
    today = timezone.localdate()
    row = _code(enrollment, code)
    facts = exit_facts(enrollment, how_known=how_known, today=today, on=on)
    _check_rules(row, facts, on, today)
    _close(enrollment, row, facts, on, how_known, new_school)
    jurisdictions.follow(enrollment, stays_responsible=jurisdictions.stays_responsible(row), by=by)
    consequences.after_exit(enrollment, row, by=by)
    audit_student(enrollment.student_id)
    _tell(enrollment, by)
    return enrollment


@transaction.atomic
def mark_no_show(
    *, by: User, enrollment: Enrollment, on: date, how_known: str = "", version: int | None = None
) -> Enrollment:
    """The student was registered and never came. Authority: OSSE 2016, slides 23-24."""
    code = no_show_code(enrollment, on)
    return exit_student(by=by, enrollment=enrollment, code=code, on=on, how_known=how_known, version=version)


def no_show_code(enrollment: Enrollment, on: date) -> str:
    """The roster decides it."""
    special = has_special_education(enrollment.student, on)
    return SPECIAL_EDUCATION_NO_SHOW if special else GENERAL_EDUCATION_NO_SHOW


def _check_unchanged(enrollment: Enrollment, version: int | None) -> None:
    if enrollment.last_day is not None:
        raise RuleBroken(
            f"This enrollment already ended on {in_words(enrollment.last_day)} with {enrollment.exit_code}."
            " Nothing was changed."
        )
    if version is not None and version != enrollment.version:
        raise Stale(
            "Somebody else changed this enrollment while you were typing, so nothing was overwritten."
            " What you typed is below: check it against the enrollment as it is now, then save again."
        )


def _code(enrollment: Enrollment, code: str) -> ExitCode:
    row = exit_code(profile_of(enrollment.district), code)
    if row is None:
        raise RuleBroken(
            f"“{code[:12]}” is not an exit code of {enrollment.district.state}. Choose one.", "code"
        )
    return row


def _check_rules(row: ExitCode, facts: ExitFacts, on: date, today: date) -> None:
    if (on - today).days > FARTHEST_AHEAD:
        raise RuleBroken(f"{in_words(on)} is more than a year ahead. Check the year.", "last_day")
    if reason := why_not_exit(row, facts, on):
        raise RuleBroken(reason, field_of(reason, facts, on))


def field_of(reason: str, facts: ExitFacts, on: date) -> str:
    """Beside which field a refusal of the exit rules is shown."""
    if on < facts.first_day:
        return "last_day"
    return "how_known" if "record" in reason and not facts.contact_efforts_recorded else "code"


def _close(
    enrollment: Enrollment, row: ExitCode, facts: ExitFacts, on: date, how_known: str, new_school: str
) -> None:
    state = seds_after_exit(row, facts)
    enrollment.exit_code = enrollment.effective_exit_code = row.code
    enrollment.last_day, enrollment.exit_recorded_at = on, timezone.now()
    _keep_lag(enrollment, on, timezone.localdate())
    enrollment.how_known, enrollment.new_school = how_known.strip(), new_school.strip()
    enrollment.seds_state = SedsState[state.name] if state else SedsState.NOT_ON
    enrollment.documentation_due = documentation_due(row, on)
    enrollment.no_show = row.stage == REGISTERED
    enrollment.version += 1
    enrollment.save()
    if enrollment.seds_state == SedsState.AUTO_EXITED:
        end_with_the_exit(enrollment.student, on)


def _tell(left: Enrollment, by: User) -> None:
    record(
        "STUDENT_EXITED",
        f"exited {left.site} with {left.exit_code}, effective {in_words(left.last_day)}",
        by=by, student_id=left.student_id, district_id=left.district_id, enrollment=left.pk,
        code=left.exit_code, lag_days=max(0, (timezone.localdate() - left.last_day).days),
    )  # fmt: skip


def _keep_lag(enrollment: Enrollment, on: date, today: date) -> None:
    """R10.01, R10.02: what was sent in the meantime cannot be un-sent."""
    phantom = phantom_period(on, today)
    enrollment.exit_lag = lag_days(on, today)
    enrollment.phantom_until = phantom and phantom.last_day
