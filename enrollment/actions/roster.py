"""The special education roster follows its table of moves; nobody is taken off while something is pending.

Authority: OSSE 2016, slides 27-29.
"""

from datetime import date

from enrollment.actions import jurisdictions
from enrollment.actions.audit import audit_student
from enrollment.actions.duties import close_duties
from enrollment.actions.special_education import end_with_the_exit
from enrollment.models import DutyKind, Enrollment, SedsState
from enrollment.rules.seds import SedsEvent, next_state, on_roster
from enrollment.rules.seds import SedsState as Standing
from security import scope
from security.models import User


def can_move(enrollment: Enrollment, event: SedsEvent) -> bool:
    return _next(enrollment, event) is not None


def move(enrollment: Enrollment, event: SedsEvent, *, by: User | None, until: date | None = None) -> bool:
    """Saves where the event leads; False, and nothing changed, where it cannot happen.

    `until`: the day on which services ended, when it is later than the exit.
    """
    state = _next(enrollment, event)
    if state is None:
        return False
    enrollment.seds_state = SedsState[state.name]
    enrollment.version += 1
    enrollment.save(update_fields=["seds_state", "version", "modified_at"])
    if not on_roster(state):
        _leave(enrollment, max(until or enrollment.last_day, enrollment.last_day), by)
    audit_student(enrollment.student_id)
    return True


def _next(enrollment: Enrollment, event: SedsEvent) -> Standing | None:
    if enrollment.seds_state == SedsState.NOT_ON:
        return None
    return next_state(Standing[enrollment.seds_state], event)


def _leave(enrollment: Enrollment, on: date, by: User | None) -> None:
    """Special education ends, responsibility follows, and what was owed because of it is over."""
    with scope.elevated():
        end_with_the_exit(enrollment.student, on)
        jurisdictions.follow(enrollment, stays_responsible=False, by=by, until=on)
        close_duties(
            enrollment.duties.all(), "left the special education roster", by=by,
            kinds=[DutyKind.SPECIAL_EDUCATION, DutyKind.PART_C_HISTORY],
        )  # fmt: skip
