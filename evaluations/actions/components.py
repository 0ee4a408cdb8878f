"""The components of an evaluation: given out by its coordinator, completed by their evaluator alone."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import (
    CHANGED_MEANWHILE,
    hold,
    keep,
    refuse_before,
    refuse_future,
    refuse_when_withdrawn,
)
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Component, Evaluation
from evaluations.rules.parts import area
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken, Stale
from security.rules.roles import Permission


@dataclass(frozen=True)
class Assessed:
    """What an evaluator writes: the instruments used, and what was found."""

    instruments: str
    findings: str


@transaction.atomic
def assign_component(
    *, by: User, evaluation: Evaluation, area: str, evaluator: User, on: date, seen: int | None = None
) -> Component:
    """Authority: 34 CFR 300.304(c)(4); LAC 28:CI.501. Raises NotAllowed, RuleBroken, Stale."""
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_when_withdrawn(evaluation)
    _check_assignment(evaluation, area, evaluator, on)
    begin(Deed.COMPONENT_ASSIGNED, by=by)
    component = Component.objects.create(
        evaluation=evaluation, area=area, evaluator=evaluator, assigned_on=on
    )
    keep(evaluation)
    tell(Deed.COMPONENT_ASSIGNED, f"{component.name}, to {evaluator}", evaluation, by=by)
    return component


@transaction.atomic
def take_back_component(
    *, by: User, component: Component, reason: str, seen: int | None = None
) -> Evaluation:
    """The coordinator takes back what is not completed. Raises NotAllowed, RuleBroken, Stale."""
    evaluation, component = _held(component, seen)
    access.check_may_edit(by, evaluation)
    if component.completed_on:
        day = in_words(component.completed_on)
        raise RuleBroken(f"{component.evaluator} completed it on {day}; it stays in the record.")
    if not reason.strip():
        raise RuleBroken("Say why it is taken back: the reason is kept in the history.", "reason")
    begin(Deed.COMPONENT_TAKEN_BACK, by=by, reason=reason.strip())
    component.delete()
    keep(evaluation)
    words = f"{component.name}, from {component.evaluator}"
    tell(Deed.COMPONENT_TAKEN_BACK, words, evaluation, by=by, reason=reason.strip())
    return evaluation


@transaction.atomic
def write_component(*, by: User, component: Component, assessed: Assessed, version: int) -> Component:
    """What the evaluator has so far; it is kept while typing. Raises NotAllowed, RuleBroken, Stale."""
    _, component = _held(component, None)
    access.check_may_complete(by, component)
    _check_open(component)
    if (component.instruments, component.findings) == (assessed.instruments, assessed.findings):
        return component
    _check_overwrites_nothing(component, assessed, version)
    return _write(component, assessed, component.completed_on)


@transaction.atomic
def complete_component(
    *, by: User, component: Component, on: date, assessed: Assessed, version: int | None = None
) -> Component:
    """Authority: 34 CFR 300.304(b) and (c). Raises NotAllowed, RuleBroken, Stale."""
    evaluation, component = _held(component, None)
    access.check_may_complete(by, component)
    _check_open(component)
    if version is not None:
        _check_overwrites_nothing(component, assessed, version)
    _check_completion(component, on, assessed)
    begin(Deed.COMPONENT_COMPLETED, by=by)
    _write(component, assessed, on)
    keep(evaluation)
    tell(Deed.COMPONENT_COMPLETED, f"{component.name}, {in_words(on)}", evaluation, by=by)
    return component


@transaction.atomic
def reopen_component(*, by: User, component: Component, reason: str) -> Component:
    """Its evaluator corrects what was completed. Raises NotAllowed, RuleBroken."""
    evaluation, component = _held(component, None)
    access.check_may_complete(by, component)
    if component.completed_on is None:
        raise RuleBroken("This component is not completed yet.")
    if not reason.strip():
        raise RuleBroken("Say why it is opened again: the reason is kept in the history.", "reason")
    begin(Deed.COMPONENT_REOPENED, by=by, reason=reason.strip())
    component.completed_on = None
    component.version += 1
    component.save()
    keep(evaluation)
    tell(Deed.COMPONENT_REOPENED, component.name, evaluation, by=by, reason=reason.strip())
    return component


@transaction.atomic
def give_on_component(
    *, by: User, component: Component, to: User, on: date, reason: str, seen: int | None = None
) -> Component:
    """Another evaluator goes on, when the earlier one no longer works here; what stands there is open again.

    The history keeps who wrote it and when it was completed. Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation, component = _held(component, seen)
    access.check_may_give_on(by, component)
    refuse_when_withdrawn(evaluation)
    _check_assignment(evaluation, component.area, to, on)
    refuse_before(on, component.assigned_on, "change", "assignment", "on")
    if not reason.strip():
        raise RuleBroken("Say why somebody else goes on: the reason is kept in the history.", "reason")
    words = f"{component.name}, from {component.evaluator} to {to}"
    begin(Deed.COMPONENT_GIVEN_ON, by=by, reason=reason.strip())
    component.evaluator, component.assigned_on, component.completed_on = to, on, None
    component.version += 1
    component.save()
    keep(evaluation)
    tell(Deed.COMPONENT_GIVEN_ON, words, evaluation, by=by, reason=reason.strip())
    return component


def _held(component: Component, seen: int | None) -> tuple[Evaluation, Component]:
    evaluation = hold(component.evaluation, seen)
    fresh = Component.objects.select_related("evaluator").get(pk=component.pk)
    fresh.evaluation = evaluation
    return evaluation, fresh


def _write(component: Component, assessed: Assessed, completed_on: date | None) -> Component:
    component.instruments, component.findings = assessed.instruments, assessed.findings
    component.completed_on = completed_on
    component.version += 1
    component.save()
    return component


def _check_overwrites_nothing(component: Component, assessed: Assessed, version: int) -> None:
    """What stands there is what was seen, or what is sent now: a save under way may just have brought it."""
    if component.version == version:
        return
    seen = component.history.filter(version=version).order_by("-pgh_id").first()
    for name in ("instruments", "findings"):
        if getattr(component, name) not in (getattr(assessed, name), getattr(seen, name, None)):
            raise Stale(CHANGED_MEANWHILE.replace("evaluation", "component"))


def _check_assignment(evaluation: Evaluation, code: str, evaluator: User, on: date) -> None:
    row = area(code)
    if row is None:
        raise RuleBroken("Choose the area that is assessed.", "area")
    if sentence := access.why_may_not(evaluator, Permission.ASSESS, evaluation, "assess a student"):
        raise RuleBroken(f"{evaluator} cannot be the evaluator. {sentence}", "evaluator")
    refuse_future(on, "assignment", "on")
    refuse_before(on, evaluation.referral_date, "assignment", "referral", "on")
    if evaluation.components.filter(area=code, evaluator=evaluator).exists():
        raise RuleBroken(f"{evaluator} has this area already: {row.name}.", "area")


def _check_open(component: Component) -> None:
    if component.completed_on:
        day = in_words(component.completed_on)
        raise RuleBroken(f"It was completed on {day}. Open it again to correct it.")


def _check_completion(component: Component, on: date, assessed: Assessed) -> None:
    """34 CFR 300.300(a): nothing is assessed before the consent."""
    evaluation = component.evaluation
    refuse_future(on, "completion", "on")
    refuse_before(on, component.assigned_on, "completion", "assignment", "on")
    if evaluation.needs_consent and evaluation.consent_date is None:
        raise RuleBroken("There is no consent yet: nothing is assessed before it.", "on")
    refuse_before(on, evaluation.consent_date, "completion", "consent", "on")
    if evaluation.consent_revoked_on and on > evaluation.consent_revoked_on:
        refuse_when_withdrawn(evaluation)
    if not assessed.instruments.strip():
        raise RuleBroken("Name the instruments that were used, or how it was assessed.", "instruments")
    if not assessed.findings.strip():
        raise RuleBroken("Write what was found.", "findings")
