"""Days as an iCalendar file (RFC 5545): the few lines that a calendar needs to show them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LINE_ENDS = "\r\n"
LONGEST = 75  # octets of a line without its end (RFC 5545, 3.1)
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class AllDay:
    """One event of a whole day. `uid` stays the same when the day moves."""

    uid: str
    day: date
    summary: str
    url: str
    stamp: datetime


def calendar(name: str, events: Iterable[AllDay]) -> str:
    lines = [
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//eser//Deadlines//EN", "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH", f"X-WR-CALNAME:{escaped(name)}", "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        *(line for event in events for line in _event(event)), "END:VCALENDAR",
    ]  # fmt: skip
    return "".join(f"{folded(line)}{LINE_ENDS}" for line in lines)


def escaped(text: str) -> str:
    """A value of type TEXT (3.3.11)."""
    return text.translate(ESCAPES)


def folded(line: str) -> str:
    """No line is longer than 75 octets; a letter is never cut in two."""
    parts, part = [], ""
    for letter in line:
        if len(f"{part}{letter}".encode()) > LONGEST:
            parts.append(part)
            part = " "
        part += letter
    return LINE_ENDS.join([*parts, part])


def _event(event: AllDay) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{escaped(event.uid)}"
    yield f"DTSTAMP:{event.stamp.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    yield f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{event.day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{escaped(event.summary)}"
    yield f"URL:{event.url}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"
