"""Sends the steps of plans over one connection; knows the API and no database."""

from collections.abc import Awaitable, Mapping, Sequence

from edfi.answers import Outcome, Result
from edfi.client import Client
from edfi.rules.plan import Key, Step, Verb
from edfi.rules.records import Address
from edfi.rules.root_cause import STUDENT

BLOCKED = "blocked"


async def send_plans(
    client: Client, plans: Sequence[Sequence[Step]], known: Mapping[Address, "Sent"]
) -> dict[Key, Outcome]:
    """An outcome for each step, by its key; the plans of different children go at once, each in its order.

    Raises Unreachable before anything is sent.
    """
    for year in sorted({step.address[1] for plan in plans for step in plan}):
        await client.reach(year)
    outcomes: dict[Key, Outcome] = {}
    await client.pace.for_each(plans, lambda plan: _send_plan(client, plan, known, outcomes))
    return outcomes


class Sent:
    """What the identity map knows of a record: its natural key and, once told, its id at the state."""

    def __init__(self, natural_key: dict, ods_id: str) -> None:
        self.natural_key = natural_key
        self.ods_id = ods_id


async def _send_plan(
    client: Client,
    plan: Sequence[Step],
    known: Mapping[Address, Sent],
    outcomes: dict[Key, Outcome],
) -> None:
    """EDFI-D6: a step whose predecessor failed waits with it.

    So do the other records of a year in which the state does not know the child, or may not see it for us.
    """
    unknown: dict[int, Key] = {}
    for step in plan:
        if holder := _holder(step, outcomes, unknown):
            outcomes[step.key] = _blocked(holder, outcomes[holder])
            continue
        await client.pace.turn()
        try:
            outcomes[step.key] = outcome = await _send(client, step, known)
        finally:
            client.pace.over()
        if step.verb is Verb.POST and _does_not_know_the_child(outcome):
            unknown[step.address[1]] = step.key


def _holder(step: Step, outcomes: Mapping[Key, Outcome], unknown: Mapping[int, Key]) -> Key | None:
    for key in step.after:
        if key in outcomes and not outcomes[key].done:
            return key
    return unknown.get(step.address[1]) if step.verb is Verb.POST else None


def _does_not_know_the_child(outcome: Outcome) -> bool:
    """EDFI-B10, B22."""
    return outcome.result is Result.DEPENDENCY and (outcome.about == STUDENT or outcome.status == 403)


def _blocked(key: Key, by: Outcome) -> Outcome:
    """Held back; at the head of the line stands the record that itself was refused."""
    return Outcome(Result.DEPENDENCY, by.status, BLOCKED, by.answer, held_by=by.held_by or key)


def _send(client: Client, step: Step, known: Mapping[Address, Sent]) -> Awaitable[Outcome]:
    resource, year, _ = step.address
    if step.record:
        return client.post(resource, year, step.record.body)
    return _delete(client, resource, year, known[step.address])


async def _delete(client: Client, resource: str, year: int, sent: Sent) -> Outcome:
    """A record whose answer was lost has no id here yet, and is looked for by its key."""
    if sent.ods_id:
        return await client.delete(resource, year, sent.ods_id)
    found = await client.find(resource, year, sent.natural_key)
    if isinstance(found, Outcome):
        return found
    return await client.delete(resource, year, found["id"]) if found else Outcome(Result.DONE)
