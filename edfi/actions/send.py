"""Sends the steps of plans over one connection; knows the API and no database."""

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from edfi.answers import Outcome, Result
from edfi.client import Client
from edfi.rules.plan import Step, Verb

Address = tuple[str, int, str]
BLOCKED = "blocked"


async def send_plans(
    client: Client, plans: Sequence[Sequence[Step]], known: Mapping[Address, "Sent"]
) -> dict[Address, Outcome]:
    """One outcome for each step; the plans of different children go at the same time, each in its order.

    Raises Unreachable before anything is sent.
    """
    for year in sorted({step.address[1] for plan in plans for step in plan}):
        await client.reach(year)
    outcomes: dict[Address, Outcome] = {}
    waiting = iter(plans)
    senders = min(client.pace.most, len(plans))
    await asyncio.gather(*(_send_from(waiting, number, client, known, outcomes) for number in range(senders)))
    return outcomes


class Sent:
    """What the identity map knows of a record: its natural key and, once told, its id at the state."""

    def __init__(self, natural_key: dict, ods_id: str) -> None:
        self.natural_key = natural_key
        self.ods_id = ods_id


async def _send_from(
    waiting: Iterator[Sequence[Step]],
    number: int,
    client: Client,
    known: Mapping[Address, Sent],
    outcomes: dict[Address, Outcome],
) -> None:
    """One of those who send takes plan after plan, until none is left."""
    for plan in waiting:
        await _send_plan(client, number, plan, known, outcomes)
    client.pace.nothing_left()


async def _send_plan(
    client: Client,
    number: int,
    plan: Sequence[Step],
    known: Mapping[Address, Sent],
    outcomes: dict[Address, Outcome],
) -> None:
    """EDFI-D6: a step whose predecessor failed waits with it."""
    for step in plan:
        await client.pace.turn(number)
        failed = next((outcomes[a] for a in step.after if a in outcomes and not outcomes[a].done), None)
        outcomes[step.address] = _blocked(failed) if failed else await _send(client, step, known)


def _blocked(by: Outcome) -> Outcome:
    return Outcome(Result.DEPENDENCY, by.status, BLOCKED, by.answer)


async def _send(client: Client, step: Step, known: Mapping[Address, Sent]) -> Outcome:
    resource, year, _ = step.address
    if step.verb is Verb.POST:
        return await client.post(resource, year, step.record.payload)
    return await _delete(client, resource, year, known[step.address])


async def _delete(client: Client, resource: str, year: int, sent: Sent) -> Outcome:
    """A record whose answer was lost has no id here yet, and is looked for by its key."""
    if sent.ods_id:
        return await client.delete(resource, year, sent.ods_id)
    found = await client.find(resource, year, sent.natural_key)
    if isinstance(found, Outcome):
        return found
    return await client.delete(resource, year, found["id"]) if found else Outcome(Result.DONE)
