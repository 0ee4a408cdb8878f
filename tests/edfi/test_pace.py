"""How many requests are under way at once: a busy server gets fewer."""

import asyncio

import pytest

from edfi.actions.send import send_plans
from edfi.client import Address, Client, OwnToken, Patience
from edfi.pace import Pace
from edfi.rules.plan import Step, Verb
from edfi.rules.records import SEORA, Record
from tests.standin.caller import responsibility
from tests.standin.ods import Ods, running

AT_ONCE, QUICKLY, SLOWLY, BAD = 0.001, 0.02, 1.0, None


def allowed_after(pace: Pace, signs: list[float | None]) -> int:
    for seconds in signs:
        if seconds is None:
            pace.had_trouble()
        else:
            pace.went_well(seconds)
    return pace.allowed


@pytest.mark.parametrize(
    ("signs", "allowed"),
    [
        ([], 8),
        ([QUICKLY] * 7, 8),
        ([QUICKLY] * 8, 16),
        ([QUICKLY] * (8 + 16), 32),
        ([QUICKLY] * 500, 64),
        ([AT_ONCE] * 500, 32),
        ([QUICKLY] * (8 + 16 + 32) + [AT_ONCE] * 500, 64),
        ([SLOWLY] * 500, 8),
        ([QUICKLY] * (8 + 16) + [SLOWLY] * 32, 8),
        ([QUICKLY] * (8 + 16) + [SLOWLY] * 32 + [QUICKLY] * 8, 9),
        ([BAD], 4),
        ([BAD] * 2, 2),
        ([BAD] * 9, 1),
        ([BAD, *[SLOWLY] * 3], 4),
        ([BAD, *[SLOWLY] * 4], 5),
        ([BAD, *[SLOWLY] * (4 + 5)], 6),
        ([BAD, SLOWLY, SLOWLY, SLOWLY, BAD, SLOWLY], 2),
        ([BAD, *[SLOWLY] * 500], 8),
        ([BAD, *[QUICKLY] * (4 + 5 + 6 + 7 + 8)], 9),
    ],
)
@pytest.mark.rule("EDFI-B26")
def test_quick_answers_double_and_trouble_halves_what_goes_at_once(signs: list, allowed: int) -> None:
    assert allowed_after(Pace(), signs) == allowed


@pytest.mark.parametrize(
    "signs", [[], [QUICKLY] * 8, [BAD], [BAD] * 5, [BAD, *[QUICKLY] * 22], [BAD, BAD, *[SLOWLY] * 9]]
)
def test_never_more_are_under_way_than_allowed(signs: list) -> None:
    """Also when the signs come while requests are under way."""

    async def most_under_way() -> tuple[int, int]:
        pace, now, most = Pace(), 0, 0

        async def request(number: int) -> None:
            nonlocal now, most
            await pace.turn()
            now += 1
            most = max(most, now if number > 40 else 0)
            await asyncio.sleep(0)
            if number == 20:
                allowed_after(pace, signs)
            now -= 1
            pace.over()

        await pace.for_each(range(200), request)
        return most, pace.allowed

    most, allowed = asyncio.run(most_under_way())

    assert most == allowed


class Counting(OwnToken):
    asked = 0

    def get(self) -> str | None:
        self.asked += 1
        return super().get()


def sent(ods: Ods, tokens: OwnToken, steps: list[Step]) -> int:
    """How many were delivered."""

    async def run() -> int:
        address = Address(ods.base_url, ods.key, ods.secret, {})
        async with Client(address, tokens, Patience(tries=6, first_pause=0.0, timeout=5)) as client:
            outcomes = await send_plans(client, [[step] for step in steps], {})
            return sum(outcome.done for outcome in outcomes.values())

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

        delivered = sent(ods, OwnToken(), responsibilities(60))

        assert delivered == len(ods.records(SEORA)) == 60
        assert len(ods.writes(SEORA)) == 60 + 12


@pytest.mark.rule("EDFI-B3")
def test_the_shared_token_is_asked_for_once_in_a_run() -> None:
    """It is kept encrypted in the cache: to fetch it for each record would cost more than to send it."""
    tokens = Counting()
    with running() as ods:
        ods.add_student("604822")

        assert sent(ods, tokens, responsibilities(20)) == 20

    assert tokens.asked == 1
