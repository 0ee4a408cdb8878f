"""What each notice must say, how it may go, and by when."""

from datetime import date

import pytest

from evaluations.rules.standing import Standing, standing
from notices.rules.channels import channels, why_not_deliver
from notices.rules.kinds import (
    Kind,
    elements_of,
    missing,
    not_on_offer,
    notice_row,
    notices,
    offered,
    why_not_issue,
)
from notices.rules.sending import records_due, send_by, send_by_in_words
from organizations.rules.days import PlaceCalendar, Term
from tests.notices.conftest import complete

DAY = date(2026, 10, 20)
SEVEN = ["action", "why", "basis", "safeguards", "help", "options", "factors"]
YEAR = Term(date(2026, 8, 10), date(2027, 5, 21), {date(2026, 10, 12): "Fall break"})
PLACE = PlaceCalendar("Cypress Parish", (YEAR,))


def test_table_and_enum_have_the_same_kinds():
    assert [row.kind for row in notices()] == list(Kind)
    assert all(elements_of(row.kind) or row.from_record for row in notices())


@pytest.mark.rule("DEADLINE-D20")
def test_a_prior_written_notice_has_the_seven_elements_of_the_law():
    """34 CFR 300.503(b)."""
    found = {each.authority: each.element for each in elements_of("PWN") if "300.503(b)" in each.authority}
    assert [found[f"34 CFR 300.503(b)({n})"] for n in range(1, 8)] == SEVEN
    assert {each.element for each in missing("PWN", {})} >= {*SEVEN, "position", "about"}


@pytest.mark.parametrize("left_out", SEVEN)
def test_without_one_of_them_it_is_not_issued(left_out):
    said = complete("PWN") | {left_out: "  "}
    label = next(each.label for each in elements_of("PWN") if each.element == left_out)
    assert why_not_issue("PWN", said, DAY) == f"Still missing: {label}."


@pytest.mark.parametrize("kind", Kind)
def test_what_is_complete_is_issued_with_the_day_that_it_is_about(kind):
    row = notice_row(kind)
    assert why_not_issue(kind, complete(kind), DAY) is None
    assert (why_not_issue(kind, complete(kind), None) is None) == (not row.event)


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [
        ("PWN", {"position": "proposes"}, None),
        ("PWN", {"about": "evaluation; placement"}, None),
        ("PWN", {"position": "proposes; refuses"}, "What the district does: choose one."),
        ("PWN", {"about": "weather"}, "What it is about: “weather” is not on offer."),
        ("PWN", {"weather": "rain"}, "This notice has no element “weather”."),
    ],
)
def test_only_what_the_table_knows_is_said(kind, said, sentence):
    assert not_on_offer(kind, said) == sentence


@pytest.mark.rule("DEADLINE-D07")
@pytest.mark.parametrize(("state", "there"), [("LA", True), ("DC", False), ("WI", False)])
def test_the_notice_of_change_is_louisianas(state, there):
    assert (notice_row("CHANGE") in offered(state, DAY)) is there


@pytest.mark.rule("DEADLINE-D07")
@pytest.mark.rule("DEADLINE-D20")
@pytest.mark.rule("DEADLINE-D21")
@pytest.mark.parametrize(
    ("kind", "state", "by"),
    [
        ("CHANGE", "LA", date(2026, 10, 10)),  # ten calendar days
        ("PWN", "LA", date(2026, 10, 10)),
        ("PWN", "WI", date(2026, 10, 19)),  # before the placement
        ("PWN", "DC", date(2026, 10, 19)),  # before the exit
        ("MEETING", "LA", date(2026, 10, 10)),
        ("MEETING", "WI", date(2026, 10, 10)),
        ("MEETING", "DC", date(2026, 10, 5)),  # ten business days, Oct 12 is closed
    ],
)
def test_by_when_a_notice_is_sent(kind, state, by):
    assert send_by(notice_row(kind), state, DAY, PLACE).day == by


def test_a_notice_without_a_day_is_due_on_none():
    assert send_by(notice_row("SAFEGUARDS"), "LA", DAY) is None
    assert send_by(notice_row("PWN"), "LA", None) is None
    found = send_by(notice_row("PWN"), "DEMO", DAY)
    assert (found.day, send_by_in_words(found)) == (None, "")


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("LA", "by Oct 10, 2026: 10 calendar days before Oct 20, 2026"),
        ("WI", "by Oct 19, 2026: the day before Oct 20, 2026"),
    ],
)
def test_how_it_is_counted_is_said(state, words):
    assert send_by_in_words(send_by(notice_row("PWN"), state, DAY)) == words


@pytest.mark.rule("DEADLINE-D24")
@pytest.mark.parametrize(
    ("asked", "meeting", "due"),
    [
        (date(2026, 9, 1), None, date(2026, 10, 16)),
        (date(2026, 9, 1), date(2026, 9, 20), date(2026, 9, 19)),  # before the meeting
        (date(2026, 9, 1), date(2026, 12, 1), date(2026, 10, 16)),
        (date(2028, 2, 1), None, date(2028, 3, 17)),  # a leap year
    ],
)
def test_by_when_parents_see_the_records(asked, meeting, due):
    assert records_due("LA", asked, meeting).day == due


@pytest.mark.rule("DEADLINE-D24")
@pytest.mark.parametrize(
    ("answered", "today", "stands"),
    [
        (None, date(2026, 10, 16), Standing.OPEN),
        (None, date(2026, 10, 17), Standing.LATE),
        (date(2026, 10, 16), date(2026, 12, 1), Standing.MET),
        (date(2026, 10, 17), date(2026, 12, 1), Standing.LATE),
    ],
)
def test_how_a_request_stands(answered, today, stands):
    assert standing(records_due("LA", date(2026, 9, 1)).day, answered, today) == stands


@pytest.mark.rule("DEADLINE-D07")
@pytest.mark.parametrize("row", channels(), ids=lambda row: row.code)
def test_which_ways_ask_for_a_proof(row):
    """RS 17:1946.1.C: a change goes by what leaves a dated proof."""
    assert (why_not_deliver("PWN", row.code, DAY, has_proof=False) is None) == (not row.needs_proof)
    assert why_not_deliver("PWN", row.code, DAY, has_proof=True) is None
    assert (why_not_deliver("CHANGE", row.code, DAY, has_proof=True) is None) == row.for_change


def test_a_way_that_nobody_knows():
    assert why_not_deliver("PWN", "PIGEON", DAY, has_proof=True) == (
        "Choose how it was delivered.",
        "channel",
    )
