"""One duty, counted: its day, how it stands, and the version of the rule that applied."""

from dataclasses import astuple, dataclass
from datetime import date
from functools import cache
from hashlib import sha256

from caseload.rules.duties import Duty
from evaluations.rules import clock
from evaluations.rules.codes import extension
from evaluations.rules.countings import Counting, counting_on, countings
from evaluations.rules.standing import Standing, standing
from organizations.rules.days import PlaceCalendar
from organizations.rules.profiles import Profile

BY_THE_EXIT_CODE = "days of the exit code"
SOME_DAY = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class Counted:
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
    counting = counting_on(duty.number, profile, duty.starts_on)
    if counting is None and duty.stated is None:
        return None
    rule, mark = (counting.version, mark_of(counting)) if counting else (BY_THE_EXIT_CODE, "")
    day, why_not, to = _day(duty, counting, calendar)
    return Counted(day, why_not, to, day != to, _standing(duty, day), rule, mark)


def _day(
    duty: Duty, counting: Counting | None, calendar: PlaceCalendar | None
) -> tuple[date | None, str, date | None]:
    if duty.stated or counting is None:
        return duty.stated, "", duty.stated
    due = clock.due(counting, duty.starts_on, calendar, extensions=extensions_of(duty))
    return due.day, due.why_not, due.counted_to


def _standing(duty: Duty, day: date | None) -> Standing:
    """As of the record: no day is later than the first one that there is."""
    return standing(day, duty.met_on, date.min, duty.excuse)


@cache
def marks_of_today() -> frozenset[str]:
    """Of every row that the tables have now."""
    found = (
        counting_on(row.deadline, profile, row.first_day or row.last_day or SOME_DAY, row.part)
        for row in countings()
        for profile in Profile
    )
    return frozenset({"", *(mark_of(row) for row in found if row)})


def extensions_of(duty: Duty) -> tuple[clock.Extension, ...]:
    if duty.extended_to is None:
        return ()
    row = extension(duty.extension_code)
    return (clock.Extension(duty.extended_to, row.name if row else "as recorded"),)


@cache
def mark_of(counting: Counting) -> str:
    return sha256(repr(astuple(counting)).encode()).hexdigest()[:12]
