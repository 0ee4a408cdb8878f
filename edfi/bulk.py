"""Reading a server as a whole: every record of a resource, what changed since, and what it says of itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import uvloop

from edfi.answers import Outcome
from edfi.client import PAGE, Client
from edfi.rules.order import order_of
from security.refusals import Unreachable

BY_TOKEN = (7, 3)
NEXT = "Next-Page-Token"
Thing = TypeVar("Thing")
Found = TypeVar("Found")
UNREADABLE = "The Ed-Fi API does not show its records to this key."
Criteria = Mapping[str, str]
Run = Callable[[Coroutine[Any, Any, Any]], Any]


async def pages(
    client: Client, resource: str, year: int, criteria: Criteria, suffix: str = ""
) -> AsyncIterator[list[dict]]:
    """Every page of what the criteria find. Raises Unreachable: half a list is none.

    By token where the API is new enough, otherwise by offset (EDFI-B16, B18). Offsets leave rows out while
    others write (B17), so who finds nothing here looks for the one record before acting on it.
    """
    by_token = client.version() >= BY_TOKEN
    query = {"pageSize": str(PAGE)} if by_token else {"limit": str(PAGE), "offset": "0"}
    read = 0
    while True:
        answer = await client.page(resource, year, {**criteria, **query}, suffix)
        if isinstance(answer, Outcome):
            raise Unreachable(UNREADABLE)
        yield answer.body
        read += len(answer.body)
        if by_token and (token := answer.headers.get(NEXT)):
            query["pageToken"] = token
        elif by_token or len(answer.body) < PAGE:
            return
        else:
            query["offset"] = str(read)


@contextmanager
def step_by_step(client: Client) -> Iterator[Run]:
    """Runs one question after the other; between two of them the database may be asked, too."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(client.__aenter__())
        try:
            yield runner.run
        finally:
            runner.run(client.__aexit__())


def page_by_page(run: Run, found: AsyncIterator[list[dict]]) -> Iterator[list[dict]]:
    """The same pages, for those who do not wait themselves."""

    async def following() -> list[dict] | None:
        return await anext(found, None)

    while (page := run(following())) is not None:
        yield page


async def newest_version(client: Client, year: int) -> int | None:
    """How far changes are counted; None where the API tells of no changes (EDFI-B19)."""
    about = await client.look_up("changeQueries", year, "/availableChangeVersions")
    named = {name.lower(): value for name, value in about.items()} if isinstance(about, dict) else {}
    return named.get("newestchangeversion")


def between(after: int, until: int) -> Criteria:
    return {"minChangeVersion": str(after + 1), "maxChangeVersion": str(until)}


async def told_order(client: Client, year: int) -> dict[str, int]:
    """The order in which resources are created, as the server tells it, if it does (EDFI-B20)."""
    return order_of(await client.look_up("dependencies", year))


async def one_by_one(
    client: Client, things: Sequence[Thing], ask: Callable[[Thing], Awaitable[Found]]
) -> list[Found]:
    """As many at once as the server takes now; answers in the order of the things."""
    found: dict[int, Found] = {}

    async def ask_for(at: int) -> None:
        await client.pace.turn()
        try:
            found[at] = await ask(things[at])
        finally:
            client.pace.over()

    await client.pace.for_each(range(len(things)), ask_for)
    return [found[at] for at in range(len(things))]
