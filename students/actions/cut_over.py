"""The cut-over: direct roles at affiliated sites end where the district reaches the same children.

Authority: eSER go-live 2022 ("LDOE will revoke your access to Donald's and Minnie's"); ROL-06 to ROL-08.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jobs import actions as jobs
from jobs.models import Job
from journal.actions import record
from organizations.models import State
from security import scope
from security.access import check
from security.actions.assign import end_assignment
from security.actions.notices import tell
from security.holdings import given_by
from security.models import Assignment, EndReason, User
from security.queries.people import people_with, state_administrators
from security.refusals import RuleBroken, Stale
from security.rules.roles import Permission
from security.rules.roll_up import Outcome, is_rolled_up
from students.cut_over import Line, Plan, children_of, cut_over_of, lines_of, overseer_of, plan_of
from ui.dates import moment_in_words

ADDRESS = "/access/cut-over/"
TASK = "students.tasks.run_cut_over"
CHANGED = "The list has changed since you looked at it. Look through it again, then run the cut-over."


def nobody(done: int, total: int) -> None:
    """Nobody waits to hear how far it is."""


@dataclass(frozen=True)
class Outcomes:
    revoked: int
    kept: int

    @property
    def sentence(self) -> str:
        if not self.revoked:
            return f"Nothing was left to do. {staying(self.kept)}; see the list."
        return f"{direct_roles(self.revoked)} ended, {self.kept} stay. Nobody reaches fewer children."


def direct_roles(n: int) -> str:
    return f"{n} direct role{'' if n == 1 else 's'}"


def staying(n: int, where: str = "") -> str:
    return f"{direct_roles(n)}{where} stay{'s' if n == 1 else ''}"


def why_not_yet(state: State, at: datetime) -> str | None:
    """A sentence before the cut-over, None from its instant on."""
    instant = cut_over_of(state)
    if is_rolled_up(instant, at):
        return None
    return f"The cut-over of {state} is on {moment_in_words(instant)}. Until then this is a look ahead."


def check_may_run(by: User) -> None:
    check(by, Permission.RUN_ROLLOVER, None, "run the cut-over")


@transaction.atomic
def order_cut_over(*, by: User, state: State, key: str, at: datetime | None = None) -> Job:
    """Hand the cut-over to a worker. `key` is that of the plan that the person looked at.

    Raises NotAllowed, RuleBroken before the cut-over, Stale when the plan has changed.
    """
    check_may_run(by)
    at = at or timezone.now()
    if sentence := why_not_yet(state, at):
        raise RuleBroken(sentence)
    if plan_of(state, at).key != key:
        raise Stale(CHANGED)
    job = jobs.open_job("CUT_OVER", f"Cut-over of {state}", owner_id=by.pk, state=state.pk)
    jobs.enqueue(job, TASK)
    return job


def cut_over(
    *, by: User, state: State, at: datetime | None = None, told: Callable[[int, int], object] = nobody
) -> Outcomes:
    """Each redundant direct role ends, one transaction each; a second run changes nothing (ROL-08).

    `told(done, total)` hears how far it is. Raises NotAllowed, and RuleBroken before the cut-over.
    """
    check_may_run(by)
    at = at or timezone.now()
    if sentence := why_not_yet(state, at):
        raise RuleBroken(sentence)
    plan = plan_of(state, at)
    revoked = 0
    for done, line in enumerate(plan.ending, start=1):
        revoked += _revoke(by, line.assignment, at)
        told(done, len(plan.ending))
    _report(by, plan, revoked)
    return Outcomes(revoked, len(plan.lines) - revoked)


def _revoke(by: User, assignment: Assignment, at: datetime) -> bool:
    """End it unless it, or what the person holds at the district, has changed since the plan."""
    with scope.elevated():
        Assignment.objects.select_for_update().filter(user=assignment.user_id).first()
        line = _line_now(assignment, at)
        if line is None or line.outcome != Outcome.REVOKE:
            return False
        _end_without_loss(by, line, at)
    return True


def _line_now(assignment: Assignment, at: datetime) -> Line | None:
    overseer = overseer_of(assignment.site, at)
    direct = Assignment.objects.in_force(at).filter(pk=assignment.pk)
    found = lines_of(direct, {assignment.site_id: overseer}, at) if overseer else []
    return found[0] if found else None


def _end_without_loss(by: User, line: Line, at: datetime) -> None:
    user, permissions = line.assignment.user, sorted(given_by(line.assignment))
    before = {p: set(children_of(user, p, at).values_list("student_id", flat=True)) for p in permissions}
    end_assignment(
        by=by,
        assignment=line.assignment,
        reason=EndReason.TRANSITION_ROLLUP,
        at=at,
        note=f"reached through {line.overseer}",
    )
    for permission in permissions:
        after = set(children_of(user, permission, at).values_list("student_id", flat=True))
        if not before[permission] <= after:
            raise RuntimeError("The cut-over would take children from somebody's reach; nothing was done.")
    words = f"You reach {line.assignment.site} through {line.overseer} now; the role there was ended."
    tell([user], words, key=f"rolled-up:{line.assignment.pk}")


@transaction.atomic
def _report(by: User, plan: Plan, revoked: int) -> None:
    """The state and each coordinator are told of the direct roles that stay (ROL-07)."""
    record(
        "CUT_OVER",
        f"ran the cut-over of {plan.state}: {direct_roles(revoked)} ended, {len(plan.kept)} stay",
        by=by,
        revoked=revoked,
        kept=len(plan.kept),
    )
    if plan.kept:
        words = f"{staying(len(plan.kept), ' at nonpublic and early childhood sites')}: see the list."
        tell(state_administrators(), words, key=f"cut-over:{plan.state.pk}", address=ADDRESS)
    for district in {line.overseer for line in plan.kept}:
        kept = sum(line.overseer == district for line in plan.kept)
        words = f"{staying(kept, f' at sites that {district} oversees')} after the cut-over."
        people = people_with(Permission.GRANT_ACCESS, district)
        tell(people, words, key=f"cut-over:{plan.state.pk}:{district.pk}", address=ADDRESS)
