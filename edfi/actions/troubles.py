"""Keeps the list of what stands in the way: once per record and cause, resolved when it is gone."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import F
from django.utils import timezone

from edfi.actions.send import BLOCKED
from edfi.answers import NOT_EDFI, Outcome, Result
from edfi.models import Connection, Needs, Trouble
from edfi.rules.plan import Step, Verb
from edfi.rules.records import Desired, NotSent, Source, source_of
from edfi.rules.root_cause import NAMES, SENT_BY, STUDENT, refusal, root_of, waiting
from edfi.rules.tables import Condition, Fixer, conditions

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


def open_of(connection: Connection, student_ids: Sequence[int]) -> Mapping[int, list[Trouble]]:
    """By child: one query for any number of them."""
    rows = defaultdict(list)
    for trouble in Trouble.objects.open().filter(connection=connection, student_id__in=student_ids):
        rows[trouble.student_id].append(trouble)
    return rows


def keep_troubles(
    connection: Connection,
    student_id: int,
    desired: Desired,
    steps: tuple[Step, ...],
    outcomes: Mapping[tuple, Outcome],
    district_of: Mapping[Source, int | None],
    open_ones: Iterable[Trouble],
) -> None:
    """Open what is new, count what is still there, resolve what is gone; what was refused stays."""
    causes = {cause.key: cause for cause in _causes(connection, desired, steps, outcomes)}
    for trouble in open_ones:
        key = trouble.evaluation_id, trouble.resource, trouble.code, trouble.about
        cause = causes.pop(key, None)
        if cause:
            _see_again(trouble, cause)
        elif not _still_refused(trouble, desired, steps):
            trouble.resolved_at = timezone.now()
            trouble.save(update_fields=["resolved_at"])
    now = timezone.now()
    Trouble.objects.bulk_create(
        Trouble(
            connection=connection,
            student_id=student_id,
            district_id=district_of.get(source_of(cause.resource, cause.evaluation_id)),
            first_seen=now,
            last_seen=now,
            **vars(cause),
        )
        for cause in causes.values()
    )


def _see_again(trouble: Trouble, cause: Cause) -> None:
    Trouble.objects.filter(pk=trouble.pk).update(
        count=F("count") + 1,
        last_seen=timezone.now(),
        sentence=cause.sentence,
        status=cause.status,
        answer=cause.answer,
        retry_at=cause.retry_at,
        held=cause.held,
    )


def _still_refused(trouble: Trouble, desired: Desired, steps: tuple[Step, ...]) -> bool:
    """A record that the state refused is not sent again, so no answer speaks of it this time."""
    if trouble.status is None or trouble.needs != Needs.PERSON:
        return False
    about = (trouble.resource, trouble.evaluation_id)
    sent_again = any((step.resource, step.evaluation_id) == about for step in steps)
    return not sent_again and any(
        (record.resource, record.evaluation_id) == about for record in desired.records
    )


def _causes(
    connection: Connection, desired: Desired, steps: tuple[Step, ...], outcomes: Mapping[tuple, Outcome]
) -> Iterator[Cause]:
    for reason in desired.not_sent:
        if reason.needs_person or reason.code is Condition.DETERMINATION_IN_FUTURE:
            yield _not_sent(reason)
    for warning in desired.warnings:
        row = conditions()[warning.code]
        yield Cause(
            warning.evaluation_id, warning.resource, str(warning.code), Needs.NOTHING, warning.sentence,
            row.who, about=warning.about,
        )  # fmt: skip
    for step in steps:
        outcome = outcomes[step.address]
        if not outcome.done and outcome.code != BLOCKED:
            held = sum(other.held_by == step.address for other in outcomes.values())
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
