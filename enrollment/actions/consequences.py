"""What an entry and an exit set going: duties, seats, requests. Called by the verbs, in their transaction.

Authority: OSSE 2016, slides 21-24 and 31-33.
"""

from django.utils import timezone

from enrollment.actions.duties import close_duties, has_come, open_duty
from enrollment.actions.seats import hold_seat, release_seats
from enrollment.actions.stages import follow_registration
from enrollment.actions.support import open_no_show_request, withdraw_overtaken
from enrollment.models import Duty, DutyKind, Enrollment, SedsState
from enrollment.rules.codes import EnrollmentRoster, Evidence, ExitCode
from enrollment.rules.facts import REGISTERED, PartC
from security import scope
from security.models import User
from ui.dates import in_words

OFF_ROSTER = (SedsState.NOT_ON, SedsState.AUTO_EXITED, SedsState.ADMIN_EXITED)


def after_entry(enrollment: Enrollment, *, by: User) -> None:
    """R2.07, R2.08: a registration begins duties. R6.02, R6.05: an entry ends those of the way here, also of
    a district that the child has left."""
    said = f"entered {enrollment.site} with {enrollment.entry_code} on {in_words(enrollment.first_day)}"
    with scope.elevated():
        if enrollment.stage == REGISTERED:
            follow_registration(enrollment, timezone.localdate())
        else:
            has_come(enrollment, said, by=by)
        of_child = Duty.objects.filter(student=enrollment.student_id)
        close_duties(of_child, said, by=by, kinds=[DutyKind.ENTER_AGAIN])
        left = of_child.filter(enrollment__last_day__isnull=False).exclude(district=enrollment.district_id)
        close_duties(left, said, by=by, kinds=[DutyKind.SPECIAL_EDUCATION, DutyKind.WHEREABOUTS])
        release_seats(enrollment, by=by)
        withdraw_overtaken(enrollment, said, by=by)


def after_exit(enrollment: Enrollment, row: ExitCode, *, by: User) -> None:
    with scope.elevated():
        _close_what_ended(enrollment, by)
        if row.stage == REGISTERED:
            open_no_show_request(enrollment, by=by)
        if row.leaves_enrollment_roster == EnrollmentRoster.RE_ENTERED:
            open_duty(enrollment, DutyKind.ENTER_AGAIN, enrollment.last_day)
            hold_seat(enrollment)
        if _asks_for_part_c(enrollment, row):
            open_duty(enrollment, DutyKind.PART_C_HISTORY, enrollment.last_day)


def _close_what_ended(enrollment: Enrollment, by: User) -> None:
    """R2.08: services to a child on the roster go on, so only the search ends with the exit."""
    ended = [DutyKind.WHEREABOUTS]
    if enrollment.seds_state in OFF_ROSTER:
        ended.append(DutyKind.SPECIAL_EDUCATION)
    said = f"left with {enrollment.exit_code} on {in_words(enrollment.last_day)}"
    close_duties(enrollment.duties.all(), said, by=by, kinds=ended)


def _asks_for_part_c(enrollment: Enrollment, row: ExitCode) -> bool:
    """R5.05: an unknown Part C history keeps the child on the roster until somebody finds it out."""
    unknown = enrollment.student.part_c_history.lower() == PartC.UNKNOWN
    on_it = enrollment.seds_state not in OFF_ROSTER
    return unknown and on_it and row.evidence == Evidence.PART_C_HISTORY
