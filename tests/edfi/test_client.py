"""The client against the stand-in: tokens, discovery, outages, lost answers."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from edfi import patience
from edfi.answers import Outcome
from edfi.client import Address, Client, OwnToken, Patience
from edfi.rules.desired import desired_records
from edfi.rules.records import SSEPEA, Record
from edfi.rules.root_cause import refusal, root_of
from security.refusals import Unreachable
from tests.standin.ods import Ods, running

from .rules.builders import SETTINGS, TODAY, a_child

IMPATIENT = Patience(tries=4, first_pause=0.0, timeout=5)
RECORD: Record = desired_records(a_child(), SETTINGS, TODAY).records[0]


@pytest.fixture
def ods() -> Iterator[Ods]:
    with running() as standin:
        standin.add_student("604822", school=19012)
        yield standin


def ask(
    ods: Ods, what: Callable, tokens: OwnToken | None = None, patient: Patience = IMPATIENT, **address: str
):
    """Run one coroutine function with a client on the stand-in."""

    async def run():
        settings = {"base_url": ods.base_url, "key": ods.key, "secret": ods.secret, "namespaces": {}}
        async with Client(Address(**{**settings, **address}), tokens, patient) as client:
            return await what(client)

    return asyncio.run(run())


async def post(client: Client) -> Outcome:
    return await client.post(SSEPEA, 2026, RECORD.body)


@pytest.mark.rule("EDFI-B5")
def test_a_post_arrives_and_its_id_is_kept(ods: Ods) -> None:
    outcome = ask(ods, post)

    assert outcome.done
    assert ods.store().items[SSEPEA].popitem()[1].id == outcome.ods_id
    assert [r.method for r in ods.requests] == ["GET", "POST", "POST"]


@pytest.mark.rule("EDFI-B3")
def test_one_token_serves_many_requests(ods: Ods) -> None:
    async def many(client: Client) -> list[Outcome]:
        return await asyncio.gather(*(post(client) for _ in range(30)))

    assert all(outcome.done for outcome in ask(ods, many))
    assert len(ods.tokens) == 1


@pytest.mark.rule("EDFI-B4")
def test_a_forgotten_token_is_fetched_once_more(ods: Ods) -> None:
    tokens = OwnToken("expired long ago")

    assert ask(ods, post, tokens).done
    assert tokens.token in ods.tokens


@pytest.mark.parametrize(
    "trouble",
    [
        lambda ods: ods.fail_next(3, 503, resource=SSEPEA),
        lambda ods: ods.fail_next(1, 429, resource=SSEPEA, retry_after="0"),
        lambda ods: ods.fail_next(2, 500, resource=SSEPEA),
        lambda ods: ods.drop_next(2, resource=SSEPEA),
        lambda ods: ods.lose_answer_of_next(2, resource=SSEPEA),
        lambda ods: ods.fail_next(2, 503, resource="oauth/token"),
        lambda ods: ods.drop_next(2, resource=""),
    ],
)
@pytest.mark.rule("EDFI-B27")
def test_passing_trouble_is_waited_out_and_makes_one_record(ods: Ods, trouble) -> None:
    trouble(ods)

    assert ask(ods, post).done
    assert ods.records(SSEPEA) == [RECORD.payload]


@pytest.mark.rule("EDFI-B26")
@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (None, None), ("", None), ("soon", None), ("0", 0), ("7", 7), ("600", 600),
        ("Mon, 23 Nov 2026 12:10:00 GMT", 600), ("Mon, 23 Nov 2026 11:00:00 GMT", 0),
    ],
)  # fmt: skip
def test_how_long_a_server_wants_to_be_left_alone(told, seconds, monkeypatch) -> None:
    class Noon(datetime):
        @classmethod
        def now(cls, tz=None) -> datetime:
            return datetime(2026, 11, 23, 12, tzinfo=tz)

    monkeypatch.setattr(patience, "datetime", Noon)
    wait = patience.asked_for(told)
    assert wait == seconds
    assert wait is None or IMPATIENT.pause(0, wait) == seconds


@pytest.mark.rule("EDFI-B26")
def test_a_long_wait_is_told_and_the_server_is_left_alone(ods: Ods) -> None:
    ods.fail_next(1, 429, resource=SSEPEA, retry_after="600")
    outcome = ask(ods, post)
    assert (outcome.result, outcome.status, outcome.wait) == ("retry", 429, 600)
    assert ods.records(SSEPEA) == []


@pytest.mark.rule("EDFI-D5")
def test_lasting_trouble_is_never_counted_as_delivered(ods: Ods) -> None:
    ods.fail_next(9, 503, resource=SSEPEA)

    outcome = ask(ods, post)

    assert (outcome.result, outcome.status) == ("retry", 503)


@pytest.mark.rule("EDFI-D5")
def test_a_server_that_says_nothing_is_not_waited_for_forever(ods: Ods) -> None:
    held = ods.hold_next(after=True, resource=SSEPEA)
    hurried = Patience(tries=1, timeout=0.3)

    outcome = ask(ods, post, patient=hurried)
    held.release.set()

    assert (outcome.result, outcome.code) == ("retry", "network")


@pytest.mark.rule("EDFI-B11")
def test_a_refusal_is_not_tried_again(ods: Ods) -> None:
    ods.store().descriptors.clear()

    outcome = ask(ods, post)

    assert (outcome.result, len(ods.writes(SSEPEA))) == ("person", 1)


@pytest.mark.rule("EDFI-R49", "EDFI-B11")
def test_a_late_reason_of_300_characters_is_refused_by_its_name(ods: Ods) -> None:
    """Here nobody can keep one, so it is sent past the rules."""
    too_long = replace(RECORD, payload={**RECORD.payload, "evaluationLateReason": "x" * 300})
    outcome = ask(ods, lambda client: client.post(SSEPEA, 2026, too_long.body))

    said = refusal(root_of(outcome.about, too_long.payload), SSEPEA)
    assert (outcome.result, len(ods.records(SSEPEA))) == ("person", 0)
    assert said == "The state refused the eligibility record because of the evaluation late reason."
    ods.unofficial.clear()  # the official description knows the limit too


@pytest.mark.rule("EDFI-B2")
def test_a_wrong_secret_is_said_and_nothing_is_sent(ods: Ods) -> None:
    with pytest.raises(Unreachable, match="does not accept the key"):
        ask(ods, post, secret="wrong")

    assert ods.writes() == []


@pytest.mark.rule("EDFI-B1")
def test_an_address_without_an_api_is_said(ods: Ods) -> None:
    with pytest.raises(Unreachable, match="no Ed-Fi API at the address"):
        ask(ods, post, base_url=f"{ods.base_url}nowhere/")


@pytest.mark.rule("EDFI-B21")
def test_each_year_has_its_own_address(ods: Ods) -> None:
    ods.add_student("604822", school=19012, year=2026)

    assert ask(ods, post, base_url=f"{ods.base_url}{{year}}/").done
    assert (ods.records(SSEPEA, year=2026), ods.records(SSEPEA)) == ([RECORD.payload], [])


@pytest.mark.rule("EDFI-D4")
def test_deleting_twice_is_done_twice(ods: Ods) -> None:
    async def post_and_delete(client: Client) -> list[Outcome]:
        ods_id = (await post(client)).ods_id
        return [await client.delete(SSEPEA, 2026, ods_id) for _ in range(2)]

    outcomes = ask(ods, post_and_delete)

    assert [(outcome.done, outcome.status) for outcome in outcomes] == [(True, 204), (True, 404)]


def test_a_record_is_found_by_its_whole_natural_key(ods: Ods) -> None:
    async def find(client: Client) -> tuple:
        await post(client)
        other = {**RECORD.natural_key, "programEducationOrganizationId": 1}
        return await client.find(SSEPEA, 2026, RECORD.natural_key), await client.find(SSEPEA, 2026, other)

    found, missing = ask(ods, find)

    assert found["ideaIndicator"] is False
    assert missing is None


@pytest.mark.rule("EDFI-B25")
def test_a_connection_describes_itself(ods: Ods) -> None:
    about = ask(ods, lambda client: client.describe(2026))

    assert about["version"] == "7.3"
    assert {r["resource"] for r in about["token_info"]["resources"]} >= {f"/ed-fi/{SSEPEA}"}
