"""One duty, counted: its day, how it stands, and the version of the rule that applied."""

from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from functools import cache, lru_cache
from hashlib import sha256
from typing import NamedTuple

from caseload.rules.duty import Duty
from evaluations.rules import clock
from evaluations.rules.codes import extension
from evaluations.rules.countings import Counting, counting_on, countings
from evaluations.rules.standing import Standing, standing
from organizations.rules.days import PlaceCalendar
from organizations.rules.profiles import Profile

BY_THE_EXIT_CODE = "days of the exit code"
SOME_DAY = date(2000, 1, 1)


# The due day, why there is none, and the day before an extension.
Day = tuple[date | None, str, date | None]
# Number and part, profile, the day that it is counted from, and an extension with its code.
Asked = tuple[str, str, str, date, date | None, str]


class Counted(NamedTuple):
    """`counted_to` is the day before an extension; `rule_hash` changes when the row of the table does."""

    due_on: date | None
    why_not: str
    counted_to: date | None
    extended: bool
    standing: Standing
    rule: str
    rule_hash: str


def counted(duty: Duty, profile: str, calendar: PlaceCalendar | None) -> Counted | None:
    """None where the deadline does not apply in this state. Whether it is overdue depends on the day."""
    calendars = {duty.district_id: calendar} if calendar and duty.district_id else {}
    return Counter(calendars).count(duty, profile)


class Counter:
    """Counts the duties of many children by the calendars of their districts; one day is counted once."""

    def __init__(self, calendars: Mapping[int, PlaceCalendar]) -> None:
        self._calendars = calendars
        self._known: dict[tuple[int | None, Asked], Day] = {}

    def count(self, duty: Duty, profile: str) -> Counted | None:
        rule = _rule(duty.number, profile, duty.starts_on, duty.part)
        if rule.counting is None and duty.stated is None:
            return None
        day, why_not, counted_to = self._day(duty, rule, profile)
        stands = _standing(duty, day)
        return Counted(day, why_not, counted_to, day != counted_to, stands, rule.version, rule.mark)

    def _day(self, duty: Duty, rule: "_Rule", profile: str) -> Day:
        if duty.stated or rule.counting is None:
            return duty.stated, "", duty.stated
        asked = (duty.number, duty.part, profile, duty.starts_on, duty.extended_to, duty.extension_code)
        return self._by_calendar(duty.district_id, asked) if rule.by_calendar else _anywhere(asked)

    def _by_calendar(self, district_id: int | None, asked: Asked) -> Day:
        key = (district_id, asked)
        if key not in self._known:
            self._known[key] = _due(asked, self._calendars.get(district_id or 0))
        return self._known[key]


def _due(asked: Asked, calendar: PlaceCalendar | None) -> Day:
    number, part, profile, start, extended_to, code = asked
    counting = _rule(number, profile, start, part).counting
    assert counting is not None
    due = clock.due(counting, start, calendar, extensions=extensions_of(extended_to, code))
    return due.day, due.why_not, due.counted_to


@lru_cache(maxsize=50_000)
def _anywhere(asked: Asked) -> Day:
    """The day of a rule that no calendar changes: the same for every child, today and tomorrow."""
    return _due(asked, None)


@dataclass(frozen=True, slots=True)
class _Rule:
    counting: Counting | None
    version: str
    mark: str
    by_calendar: bool


@lru_cache(maxsize=50_000)
def _rule(number: str, profile: str, day: date, part: str = "") -> _Rule:
    """The row in force: the same few are asked for again and again."""
    counting = counting_on(number, profile, day, part)
    if counting is None:
        return _Rule(None, BY_THE_EXIT_CODE, "", by_calendar=False)
    return _Rule(counting, counting.version, mark_of(counting), counting.unit in clock.BY_CALENDAR)


def _standing(duty: Duty, day: date | None) -> Standing:
    """As of the record: no day is later than the first one that there is."""
    return standing(day, duty.met_on, date.min, duty.excuse)


@cache
def marks_of_today() -> frozenset[str]:
    """Of every row that the tables have now."""
    return frozenset({"", *(mark_of(row) for row in _rows_of_today())})


@cache
def rules_by_calendar() -> tuple[str, ...]:
    """The versions that count business or school days."""
    return tuple({row.version for row in _rows_of_today() if row.unit in clock.BY_CALENDAR})


@cache
def _rows_of_today() -> tuple[Counting, ...]:
    found = (
        counting_on(row.deadline, profile, row.first_day or row.last_day or SOME_DAY, row.part)
        for row in countings()
        for profile in Profile
    )
    return tuple(row for row in found if row)


def extensions_of(extended_to: date | None, code: str) -> tuple[clock.Extension, ...]:
    """As recorded, by a code of evaluations/rules; none where the time is not longer."""
    if extended_to is None:
        return ()
    row = extension(code)
    return (clock.Extension(extended_to, row.name if row else "as recorded"),)


@cache
def mark_of(counting: Counting) -> str:
    return sha256(repr(astuple(counting)).encode()).hexdigest()[:12]
