"""The lines of an iCalendar file, read back as a calendar program reads them (RFC 5545)."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from caseload.ical import AllDay, calendar, escaped, folded

STAMP = datetime(2026, 11, 22, 15, 4, 5, tzinfo=UTC)


def event(summary: str) -> AllDay:
    return AllDay("deadline-7@eser.test", date(2026, 12, 31), summary, "https://eser.test/?who=me", STAMP)


def test_a_calendar_of_one_day():
    assert calendar("Deadlines", [event("Initial evaluation: due")]).split("\r\n") == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//eser//Deadlines//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", "X-WR-CALNAME:Deadlines", "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "BEGIN:VEVENT", "UID:deadline-7@eser.test", "DTSTAMP:20261122T150405Z",
        "DTSTART;VALUE=DATE:20261231", "DTEND;VALUE=DATE:20270101", "SUMMARY:Initial evaluation: due",
        "URL:https://eser.test/?who=me", "TRANSP:TRANSPARENT", "END:VEVENT", "END:VCALENDAR", "",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("review, and more", r"review\, and more"), ("a;b", r"a\;b"), ("back\\slash", r"back\\slash"),
        ("two\nlines", r"two\nlines"), ("two\r\nlines", r"two\nlines"), ("plain: text", "plain: text"),
    ],
)  # fmt: skip
def test_text_is_escaped(text, written):
    assert escaped(text) == written


@settings(max_examples=40)
@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_folding_keeps_lines_short_and_gives_the_same_line_back(line):
    lines = folded(line).split("\r\n")
    assert all(len(each.encode()) <= 75 for each in lines)
    assert lines[0] + "".join(each[1:] for each in lines[1:]) == line
    assert all(each[0] == " " for each in lines[1:])
