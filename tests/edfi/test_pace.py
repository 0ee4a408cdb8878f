"""How many requests are under way at once: a busy server gets fewer."""

import asyncio

import pytest

from edfi.actions.send import send_plans
from edfi.client import Address, Client, OwnToken, Patience
from edfi.pace import AT_ONCE, Pace
from edfi.rules.plan import Step, Verb
from edfi.rules.records import SEORA, Record
from tests.standin.caller import responsibility
from tests.standin.ods import Ods, running

GOOD, BAD = "went_well", "had_trouble"


@pytest.mark.parametrize(
    ("signs", "allowed"),
    [
        ([], 8),
        ([GOOD] * 20, 8),
        ([BAD], 4),
        ([BAD] * 2, 2),
        ([BAD] * 9, 1),
        ([BAD, *[GOOD] * 3], 4),
        ([BAD, *[GOOD] * 4], 5),
        ([BAD, *[GOOD] * (4 + 5)], 6),
        ([BAD, GOOD, GOOD, GOOD, BAD, GOOD], 2),
        ([BAD, *[GOOD] * 100], 8),
    ],
)
def test_trouble_halves_and_good_answers_add_one_at_a_time(signs: list[str], allowed: int) -> None:
    pace = Pace(8)

    for sign in signs:
        getattr(pace, sign)()

    assert pace.allowed == allowed


class Counting(OwnToken):
    asked = 0

    def get(self) -> str | None:
        self.asked += 1
        return super().get()


def sent(ods: Ods, tokens: OwnToken, steps: list[Step]) -> tuple[int, int]:
    """How many were delivered, and how many requests were allowed at once in the end."""

    async def run() -> tuple[int, int]:
        address = Address(ods.base_url, ods.key, ods.secret, {})
        async with Client(address, tokens, Patience(tries=6, first_pause=0.0, timeout=5)) as client:
            outcomes = await send_plans(client, [[step] for step in steps], {})
            return sum(outcome.done for outcome in outcomes.values()), client.pace.allowed

    return asyncio.run(run())


def responsibilities(number: int) -> list[Step]:
    """Of as many days of one child."""
    records = [
        Record(SEORA, 2026, {"beginDate": day}, responsibility(beginDate=day), evaluation_id=1)
        for day in (f"2025-{n // 28 + 1:02}-{n % 28 + 1:02}" for n in range(number))
    ]
    return [Step(Verb.POST, record.address, 1, record) for record in records]


@pytest.mark.rule("EDFI-B26")
@pytest.mark.parametrize("status", [429, 503])
def test_a_storm_of_refusals_delays_and_loses_nothing(status: int) -> None:
    with running() as ods:
        ods.add_student("604822")
        ods.fail_next(12, status, resource=SEORA)

        delivered, _ = sent(ods, OwnToken(), responsibilities(60))

        assert delivered == len(ods.records(SEORA)) == 60
        assert len(ods.writes(SEORA)) == 60 + 12


@pytest.mark.rule("EDFI-B3")
def test_the_shared_token_is_asked_for_once_in_a_run() -> None:
    """It is kept encrypted in the cache: to fetch it for each record would cost more than to send it."""
    tokens = Counting()
    with running() as ods:
        ods.add_student("604822")

        assert sent(ods, tokens, responsibilities(20)) == (20, AT_ONCE)

    assert tokens.asked == 1
