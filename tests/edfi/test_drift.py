"""Every night the state's copy is compared with ours; and how a whole server is read."""

import threading

import pytest

from edfi import bulk
from edfi.actions import mend, resync
from edfi.actions.resync import ask_for_resync, carry_out, send_differences
from edfi.models import Connection, Nightly, Resync, ResyncState
from edfi.rules.records import SSEPEA
from edfi.tasks import look_for_drift
from journal.models import Entry
from security import scope
from security.models import User
from security.rules.roles import Role
from tests import factories
from tests.standin.caller import eligibility

from .conftest import IMPATIENT, SCHOOL, World


@pytest.fixture
def by(world: World) -> User:
    return factories.UserFactory(role=Role.SEA_ADMINISTRATOR)


@pytest.fixture
def children(world: World) -> list[str]:
    """Whose records were sent, by their number at the state."""
    numbers = [f"70000{n}" for n in range(3)]
    for number in numbers:
        child = world.child(number)
        world.enroll(child)
        world.evaluate(child)
    world.send()
    night(world)
    world.ods.requests.clear()
    return numbers


def night(world: World) -> Resync:
    asked = resync.ask_by_night(Connection.objects.get(pk=world.connection.pk))
    return carry_out(asked, patience=IMPATIENT)


def there(world: World) -> dict[str, dict]:
    return {record["studentReference"]["studentUniqueId"]: record for record in world.at_state()}


def through_the_api(world: World, number: str, **changes) -> None:
    """Somebody else changes a record, or takes it away."""
    store = world.ods.store()
    (item,) = [each for each in store.of_student[number].values() if each.resource == SSEPEA]
    if changes:
        store.put(SSEPEA, {**item.payload, **changes})
    else:
        world.ods.delete(SSEPEA, item.id)


@pytest.mark.rule("EDFI-B19")
def test_the_night_puts_right_what_was_changed_or_deleted_there_and_reads_only_that(
    world: World, children: list[str]
) -> None:
    right = there(world)
    through_the_api(world, children[0], ideaIndicator=True)
    through_the_api(world, children[1])
    found = night(world)

    assert (found.state, found.since_last) == (ResyncState.DONE, True)
    assert there(world) == right
    assert len(world.ods.writes()) == 2
    windows = {seen.query.get("minChangeVersion") for seen in world.ods.requests if seen.method == "GET"}
    (window,) = windows - {None}
    assert int(window) > 3
    (counted,) = night(world).tallies
    assert (counted["same"], counted["right"]) == (2, 3)


@pytest.mark.rule("EDFI-B19")
def test_what_could_not_be_put_right_one_night_is_found_again_the_next(
    world: World, children: list[str], monkeypatch
) -> None:
    right, look = there(world), mend._look
    through_the_api(world, children[0], ideaIndicator=True)

    def look_while_the_state_is_away(*asked):
        world.ods.fail_next(IMPATIENT.tries, 503, resource=SSEPEA, method="GET")
        return look(*asked)

    monkeypatch.setattr(mend, "_look", look_while_the_state_is_away)
    night(world)
    between = there(world)
    monkeypatch.setattr(mend, "_look", look)
    night(world)

    assert between != right
    assert there(world) == right


@pytest.mark.rule("EDFI-B19")
def test_a_server_that_tells_of_no_changes_is_read_as_a_whole(world: World, children: list[str]) -> None:
    world.ods.tells_changes = False
    world.ods.lose(SSEPEA, children[0])

    assert (night(world).since_last, len(world.at_state())) == (False, 3)


def test_once_a_week_everything_is_read_whatever_the_server_tells(world: World, children: list[str]) -> None:
    world.ods.lose(SSEPEA, children[0])
    unseen, between = night(world).since_last, len(world.at_state())
    Resync.objects.update(ended_at="2025-01-01T00:00:00Z")
    night(world)

    assert (unseen, between, len(world.at_state())) == (True, 2, 3)


@pytest.mark.rule("EDFI-R30")
def test_what_nothing_here_explains_waits_for_a_person_night_after_night(
    world: World, by: User, children: list[str]
) -> None:
    world.ods.add_student("999", school=SCHOOL)
    world.ods.store().put(SSEPEA, eligibility(studentReference={"studentUniqueId": "999"}))
    through_the_api(world, children[0], ideaIndicator=True)
    night(world)
    found = night(world)
    mended = there(world)[children[0]]["ideaIndicator"]
    done = carry_out(send_differences(by=by, resync=found, typed="1"), patience=IMPATIENT)

    assert (found.state, found.why) == (
        ResyncState.COMPARED,
        resync.UNEXPLAINED,
    )
    assert mended is False
    assert (done.state, sorted(there(world))) == (ResyncState.DONE, children)


def test_a_night_that_would_delete_too_much_waits_for_a_person(world: World, children: list[str]) -> None:
    """A delete that nobody sent yet: the marks are forgotten, as after a restored backup."""
    Connection.objects.update(seen_versions={})
    world.connection.enabled = False
    world.connection.save()
    world.change(world.school, excluded_from_state=True)
    world.change(world.connection, enabled=True)
    found = night(world)

    assert (found.state, found.why, len(world.at_state())) == (
        ResyncState.COMPARED,
        resync.TOO_MANY,
        3,
    )


@pytest.mark.parametrize(
    ("nightly", "begun", "state", "wrong"),
    [(Nightly.NO, 0, None, True), (Nightly.REPORT, 1, "COMPARED", True), (Nightly.MEND, 1, "DONE", False)],
)
def test_what_the_night_does_is_a_setting(
    world: World, children: list[str], nightly: str, begun: int, state: str | None, wrong: bool
) -> None:
    through_the_api(world, children[0], ideaIndicator=True)
    world.change(world.connection, nightly=nightly)
    Resync.objects.all().delete()
    assert look_for_drift() == begun
    for asked in Resync.objects.all():
        carry_out(asked, patience=IMPATIENT)

    assert list(Resync.objects.values_list("state", flat=True)) == ([state] if state else [])
    assert there(world)[children[0]]["ideaIndicator"] is wrong


def test_who_asked_for_which_resync_with_what_result_is_kept(
    world: World, by: User, children: list[str]
) -> None:
    through_the_api(world, children[0], ideaIndicator=True)
    found = carry_out(ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)
    carry_out(send_differences(by=by, resync=found), patience=IMPATIENT)

    kept = Resync.objects.get(pk=found.pk)
    assert (kept.by_id, kept.decided_by_id, kept.state) == (by.pk, by.pk, ResyncState.DONE)
    (counted,) = kept.tallies
    assert (counted["change"], counted["same"], counted["right"]) == (1, 2, 2)
    with scope.elevated():
        told = Entry.objects.filter(kind="EDFI_RESYNC").order_by("pk")
        words = [entry.words.split(" a resync")[0] for entry in told]
    assert words == ["Asked for", "Sends the differences found by"]


@pytest.mark.rule("EDFI-B18")
@pytest.mark.rule("EDFI-B16")
@pytest.mark.parametrize(("version", "by_token"), [("7.3", True), ("7.1", False), ("6.2", False)])
def test_a_server_is_read_page_by_page_in_the_way_it_knows(
    world: World, by: User, children: list[str], monkeypatch, version: str, by_token: bool
) -> None:
    monkeypatch.setattr(bulk, "PAGE", 2)
    world.ods.version = version

    found = carry_out(ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)

    assert found.tallies == [{"resource": SSEPEA, "district": world.district.pk, "right": 3, "same": 3}]
    pages = [seen.query for seen in world.ods.requests if seen.method == "GET" and seen.resource == SSEPEA]
    assert len(pages) == 2
    assert ["pageToken" in query for query in pages] == [False, by_token]
    assert [query.get("offset") for query in pages] == [None if by_token else offset for offset in ("0", "2")]
    assert not any("pageSize" in query and "limit" in query for query in pages)


@pytest.mark.rule("EDFI-B17")
def test_a_record_that_slips_through_between_two_pages_is_not_taken_for_missing(
    world: World, by: User, children: list[str], monkeypatch
) -> None:
    """The records arrived in any order."""
    monkeypatch.setattr(bulk, "PAGE", 1)
    world.ods.version, world.ods.tells_changes = "7.1", False
    first, second, _ = (record["studentReference"]["studentUniqueId"] for record in world.at_state())
    first_page = world.ods.hold_next(after=True, method="GET", resource=SSEPEA)

    def somebody_deletes_the_first() -> None:
        first_page.arrived.wait(10)
        world.ods.lose(SSEPEA, first)
        first_page.release.set()

    others = threading.Thread(target=somebody_deletes_the_first)
    others.start()
    found = carry_out(ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)
    others.join()

    looked_for = [seen.query.get("studentUniqueId") for seen in world.ods.requests if seen.method == "GET"]
    assert second in looked_for
    assert found.tallies == [{"resource": SSEPEA, "district": world.district.pk, "right": 3, "same": 3}]


@pytest.mark.rule("EDFI-B21")
def test_each_school_year_is_compared_with_its_own_server(world: World, by: User) -> None:
    world.change(world.connection, base_url=f"{world.ods.base_url}{{year}}/")
    world.connection.refresh_from_db()
    child = world.child(at_state=False)
    world.ods.add_student("604822", school=SCHOOL, year=2026)
    world.enroll(child)
    world.evaluate(child)
    world.send()
    world.ods.add_student("604822", school=SCHOOL, year=2025)
    world.ods.store(2025).put(SSEPEA, world.ods.records(SSEPEA, 2026)[0])
    found = carry_out(ask_for_resync(by=by, connection=world.connection), patience=IMPATIENT)
    carry_out(send_differences(by=by, resync=found, typed="1"), patience=IMPATIENT)

    assert (len(world.ods.records(SSEPEA, 2025)), len(world.ods.records(SSEPEA, 2026))) == (0, 1)
