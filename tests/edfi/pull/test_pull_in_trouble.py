"""Whatever goes wrong while an ODS is read is a sentence, and nothing is handed over by halves."""

import pytest

from edfi import fetch
from edfi.actions import pull as pulling
from edfi.actions.ods import leave_unread, read_nightly
from edfi.models import DistrictOds, OdsRecord, PullState
from edfi.tasks import read_every_night
from enrollment.models import FeedLoad
from security import scope
from security.models import Assignment, Notice
from tests.standin import paging, problems
from tests.standin.resources import SSA, STUDENTS
from tests.standin.store import Item

from .conftest import World


@pytest.fixture
def small_pages(monkeypatch) -> None:
    """Two records a page, so that there are several."""
    monkeypatch.setattr(fetch, "PAGE", 2)


@pytest.fixture
def full(world: World, small_pages) -> World:
    """Seven children, of whom nothing was read yet."""
    world.means()
    for number in range(7):
        world.shows(f"410000000{number}")
    return world


def nothing_is_here() -> bool:
    with scope.elevated():
        return not (FeedLoad.objects.exists() or OdsRecord.objects.exists())


@pytest.mark.parametrize("version", ["7.3", "7.1"])
def test_every_page_is_read(full: World, version: str) -> None:
    full.ods.version = version
    assert full.pull().counts["lines"] == 7


@pytest.mark.rule("EDFI-B18")
def test_several_parts_are_read_at_once_where_the_ods_offers_them(full: World, monkeypatch) -> None:
    parts = lambda rows, number: [f"{first}-{first + 3}" for first in range(0, rows, 3)]  # noqa: E731
    monkeypatch.setattr(paging, "partitions", parts)
    assert full.pull().counts["lines"] == 7
    tokens = [seen.query.get("pageToken") for seen in full.ods.requests if seen.resource == SSA]
    assert {"0-3", "3-6", "6-9"} < set(tokens)


def test_an_ods_that_offers_no_parts_is_read_from_its_beginning(full: World, monkeypatch) -> None:
    def none(*_: int) -> None:
        raise problems.not_found()

    monkeypatch.setattr(paging, "partitions", none)
    assert full.pull().counts["lines"] == 7


@pytest.mark.parametrize("status", [429, 500, 503])
def test_trouble_that_passes_is_waited_out(full: World, status: int) -> None:
    full.ods.fail_next(1, status, resource=SSA)
    assert full.pull().counts["lines"] == 7


def test_a_page_for_people_that_goes_away_is_waited_out(full: World) -> None:
    full.ods.answer_next_as_gateway(1, resource=SSA)
    assert full.pull().counts["lines"] == 7


@pytest.mark.parametrize(
    ("trouble", "sentence"),
    [
        (lambda ods: ods.fail_next(99, 403, resource=STUDENTS), "The key may not read students."),
        (lambda ods: ods.fail_next(99, 404, resource=SSA), "no enrollments at this address for 2026-27"),
        (lambda ods: ods.fail_next(99, 401, resource=SSA), "no longer accepts the key"),
        (lambda ods: ods.fail_next(99, 429, resource=SSA), "too many requests to give out enrollments"),
        (lambda ods: ods.fail_next(99, 503, resource=SSA), "answered with status 503"),
        (lambda ods: ods.answer_next_as_gateway(99, resource=STUDENTS), "a web page in place of students"),
        (lambda ods: ods.halve_answer_of_next(99, resource=SSA), "broke while enrollments were read"),
        (lambda ods: ods.drop_next(99, resource=SSA), "broke while enrollments were read"),
        (lambda ods: setattr(ods, "secret", "another"), "does not accept the key and secret"),
    ],
)
@pytest.mark.parametrize("version", ["7.3", "7.1"])
def test_trouble_that_stays_is_said_and_nothing_is_handed_over(
    full: World, version: str, trouble, sentence: str
) -> None:
    full.ods.version = version
    trouble(full.ods)
    pull = full.pull()
    assert pull.state == PullState.FAILED
    assert sentence in pull.why
    assert nothing_is_here()


@pytest.mark.rule("EDFI-B4")
def test_a_token_that_ends_in_the_middle_is_replaced(full: World) -> None:
    full.ods.fail_next(1, 401, resource=SSA)
    assert full.pull().counts["lines"] == 7


def test_a_connection_that_breaks_between_two_pages_leaves_the_last_copy(full: World) -> None:
    full.load(full.pull())
    full.shows("4100000009")
    full.shows("4100000008")
    full.ods.drop_next(99, resource=SSA)
    assert full.pull().state == PullState.FAILED
    full.ods.faults.release_all()
    again = full.pull()
    assert (again.whole, again.counts["lines"]) == (False, 9)
    assert full.load(again).counts["missing"] == 0


@pytest.mark.rule("EDFI-B17")
def test_offsets_that_leave_records_out_are_noticed(full: World, monkeypatch) -> None:
    full.ods.version = "7.1"
    real = fetch.Reading._by_offsets

    async def with_a_hole(self, resource, counted):
        return (await real(self, resource, counted))[:-1]

    monkeypatch.setattr(fetch.Reading, "_by_offsets", with_a_hole)
    pull = full.pull()
    assert "was written to while its schools were read" in pull.why
    assert nothing_is_here()


def test_an_ods_that_shows_no_enrollment_hands_over_nothing(world: World) -> None:
    assert "shows this key 0 enrollments" in world.pull().why


def test_an_ods_that_shows_no_student_hands_over_nothing(full: World) -> None:
    full.ods.store().items[STUDENTS].clear()
    assert "may not see the students themselves" in full.pull().why


def test_what_is_no_record_is_no_half_of_one(full: World) -> None:
    full.ods.store().put(STUDENTS, {"studentUniqueId": "4100000001", "birthDate": None, "firstName": ["x"]})
    row = next(row for row in full.lines(full.pull()) if row["state_student_id"] == "4100000001")
    assert "birth_date is empty." in row["errors"]
    assert "first_name is empty." in row["errors"]


def test_a_list_of_something_else_is_no_half_of_one(full: World, monkeypatch) -> None:
    monkeypatch.setattr(Item, "shown", lambda item: {"payload": item.payload})
    assert "in a way that is no Ed-Fi record" in full.pull().why
    assert nothing_is_here()


def test_signs_that_no_text_has_break_nothing(full: World) -> None:
    full.shows("4100000001", student={"firstName": "I\x00d\r\na", "lastSurname": 'O"Neil, "x'})
    names = {
        row["state_student_id"]: (row["first_name"], row["last_name"]) for row in full.lines(full.pull())
    }
    assert names["4100000001"] == ("I d  a", 'O"Neil, "x')


def test_settings_that_change_meanwhile_hand_over_nothing(full: World) -> None:
    with scope.of(full.manager):
        pull = pulling.ask_for_pull(by=full.manager, district=full.district, year=full.year)
    DistrictOds.objects.update(number="edfi")
    assert pulling.carry_out(pull).why.startswith("The settings were changed while")
    assert nothing_is_here()


def test_a_copy_that_is_removed_meanwhile_is_not_taken_for_whole(full: World) -> None:
    full.load(full.pull())
    with scope.of(full.manager):
        pull = pulling.ask_for_pull(by=full.manager, district=full.district, year=full.year)
        leave_unread(by=full.manager, district=full.district)
    assert pulling.carry_out(pull).state == PullState.FAILED
    assert full.pull().counts["lines"] == 7


@pytest.mark.rule("EDFI-B4")
def test_a_token_that_has_ended_costs_no_whole_reading(full: World) -> None:
    full.pull()
    full.ods.forget_tokens()
    assert not full.pull().whole


def test_by_night_it_is_read_in_the_name_of_who_asked_and_trouble_is_told(full: World) -> None:
    read_nightly(by=full.manager, district=full.district)
    full.ods.fail_next(99, 403, resource=STUDENTS)
    assert read_every_night() == 1
    pull = full.there.pulls.get()
    assert (pull.nightly, pull.by_id) == (True, full.manager.pk)
    pulling.carry_out(pull)
    assert "could not be read tonight. The key may not read students." in Notice.objects.get().words


def test_who_may_no_longer_read_it_reads_nothing_by_night(full: World) -> None:
    read_nightly(by=full.manager, district=full.district)
    Assignment.objects.filter(user=full.manager).update(role="reader")
    assert read_every_night() == 0
    assert not full.there.pulls.exists()


def test_no_personal_data_reaches_the_log_or_an_address(full: World, caplog) -> None:
    full.ods.fail_next(1, 503, resource=SSA)
    full.pull()
    asked = [str(seen.query) for seen in full.ods.requests]
    assert not [text for text in (*asked, caplog.text) if "41000000" in text or "Landry" in text]
