"""What stands in the way of a child's records: its reasons, warnings and answers as lines of the desk."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils import timezone

from edfi.actions.send import BLOCKED
from edfi.answers import NOT_EDFI, Outcome, Result
from edfi.models import Needs
from edfi.rules.plan import Key, Step, Verb
from edfi.rules.records import NotSent
from edfi.rules.root_cause import NAMES, SENT_BY, STUDENT, refusal, root_of, waiting
from edfi.rules.tables import Condition, Fixer, conditions
from edfi.work import Work

SOON, LATER = timedelta(minutes=1), timedelta(hours=1)


@dataclass(frozen=True)
class Cause:
    """One open trouble of a child, before it is written down. `held`: records that wait with this one."""

    evaluation_id: int
    resource: str
    code: str
    needs: Needs
    sentence: str
    who: str = ""
    status: int | None = None
    answer: str = ""
    retry_at: datetime | None = None
    about: str = ""
    held: int = 0

    @property
    def key(self) -> tuple[int, str, str, str]:
        return self.evaluation_id, self.resource, self.code, self.about


def causes_of(work: Work, outcomes: Mapping[Key, Outcome]) -> Iterator[Cause]:
    for reason in work.desired.not_sent:
        if reason.needs_person or reason.code is Condition.DETERMINATION_IN_FUTURE:
            yield _not_sent(reason)
    for warning in work.desired.warnings:
        row = conditions()[warning.code]
        yield Cause(
            warning.evaluation_id, warning.resource, str(warning.code), Needs.NOTHING, warning.sentence,
            row.who, about=warning.about,
        )  # fmt: skip
    for step in work.steps:
        outcome = outcomes[step.key]
        if not outcome.done and outcome.code != BLOCKED:
            held = sum(other.held_by == step.key for other in outcomes.values())
            yield _refused(step, outcome, held)


def _not_sent(reason: NotSent) -> Cause:
    cause = Cause(
        reason.evaluation_id,
        reason.resource,
        str(reason.code),
        Needs.PERSON,
        reason.sentence,
        about=reason.about,
    )
    if reason.code is Condition.DETERMINATION_IN_FUTURE:
        return replace(cause, needs=Needs.DAY)
    return replace(cause, who=str(conditions()[reason.code].who))


def _refused(step: Step, outcome: Outcome, held: int) -> Cause:
    needs = {
        Result.RETRY: (Needs.RETRY, "", max(SOON, timedelta(seconds=outcome.wait))),
        Result.DEPENDENCY: (Needs.DEPENDENCY, Fixer.REGISTRAR, LATER),
        Result.PERSON: (Needs.PERSON, Fixer.DATA_MANAGER, None),
    }
    need, who, pause = needs[outcome.result]
    root = root_of(outcome.about, step.record.payload) if step.record else ""
    if need is Needs.DEPENDENCY and root in SENT_BY.keys() - {STUDENT}:
        who = Fixer.DATA_MANAGER
    return Cause(
        step.evaluation_id,
        step.resource,
        outcome.code,
        need,
        sentence_of(step, outcome, root),
        str(who),
        outcome.status,
        outcome.answer,
        timezone.now() + pause if pause else None,
        root,
        held,
    )


def sentence_of(step: Step, outcome: Outcome, root: str) -> str:
    """What happened, for a person; the state's own words stand beside it."""
    name = NAMES[step.resource]
    if outcome.code == NOT_EDFI:
        return f"Something on the way answered in the state's place, so the {name} is tried again by itself."
    if outcome.result is Result.RETRY:
        return f"The state did not take the {name}; it is tried again by itself."
    if outcome.result is Result.DEPENDENCY and outcome.status == 403:
        return "The state knows no enrollment or responsibility for the child yet. The SIS sends it."
    if outcome.result is Result.DEPENDENCY and step.verb is Verb.DELETE:
        return f"Another record at the state still needs the {name}, so it stays until that one is gone."
    if outcome.result is Result.DEPENDENCY:
        return waiting(root)
    return refusal(root, step.resource)
