"""Worked examples that an expert reads and extends: `examples.csv`, with the days of `calendars.csv`.

`event_day` is the day of the starting event, for a deadline at an age the birth date. `length` is what a
district chose in place of the default. `says` stands in the sentence where no day is given, or in its note.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from evaluations.rules.clock import Due, Extension, Pause, due
from evaluations.rules.countings import counting_on
from organizations.rules.calendar import birthday
from organizations.rules.days import PlaceCalendar, Term

HERE = Path(__file__).parent
EXTENDED = re.compile(r"(?P<to>\S+) asked (?P<asked>\S+)")
PAUSED = re.compile(r"(?P<first>\S+)\.\.(?P<last>\S*) (?P<reason>.+)")


@dataclass(frozen=True)
class Example:
    deadline: str
    part: str
    state: str
    event_day: str
    calendar: str
    length: str
    paused: str
    extended: str
    due: str
    says: str
    story: str

    def __str__(self) -> str:
        return f"{self.deadline} {self.state}: {self.story}"

    @property
    def pauses(self) -> tuple[Pause, ...]:
        found = PAUSED.fullmatch(self.paused)
        return (Pause(day(found["first"]), optional(found["last"]), found["reason"]),) if found else ()

    @property
    def extensions(self) -> tuple[Extension, ...]:
        found = EXTENDED.fullmatch(self.extended)
        return (Extension(day(found["to"]), "agreed", day(found["asked"])),) if found else ()

    def counted(self) -> Due:
        counting = counting_on(self.deadline, self.state, day(self.event_day), self.part)
        start = day(self.event_day)
        if counting.age is not None:
            start = birthday(start, counting.age)
        if self.length:
            counting = counting.with_length(int(self.length))
        return due(counting, start, calendars().get(self.calendar), self.pauses, self.extensions)


@cache
def examples() -> tuple[Example, ...]:
    return tuple(Example(**row) for row in rows("examples.csv"))


@cache
def calendars() -> dict[str, PlaceCalendar]:
    lines = rows("calendars.csv")
    return {name: calendar(name, lines) for name in {line["calendar"] for line in lines}}


def calendar(name: str, lines: list[dict[str, str]]) -> PlaceCalendar:
    own = [line for line in lines if line["calendar"] == name]
    closed = {one: line["reason"] for line in own if line["what"] == "closed" for one in days(line)}
    years = [line for line in own if line["what"] == "school year"]
    return PlaceCalendar(
        name, tuple(Term(day(line["first_day"]), day(line["last_day"]), closed) for line in years)
    )


def rows(name: str) -> list[dict[str, str]]:
    with (HERE / name).open(newline="") as lines:
        return list(csv.DictReader(lines))


def days(line: dict[str, str]) -> Iterator[date]:
    first, last = day(line["first_day"]), day(line["last_day"])
    return (first + timedelta(days=n) for n in range((last - first).days + 1))


def day(written: str) -> date:
    return date.fromisoformat(written)


def optional(written: str) -> date | None:
    return day(written) if written else None
