"""The environment of one IEP, computed from the services and minutes written in it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from ieps.rules.codes import CodeSet, name_of
from ieps.rules.environment import (
    Environment,
    Week,
    is_early_childhood,
    of_early_childhood,
    of_school_age,
    shares,
    whole,
)
from ieps.rules.service_minutes import ServiceLine, in_regular_class, inside, outside, takes_part, weeks
from ieps.values import NotUnderstood, value_of

SECTION, TABLE, TOTAL = "PRG", "services", "total_minutes"
IMPOSSIBLE = "More minutes outside the regular class than minutes of instruction in the week: check both."
OPEN = (
    "No source says whether time in the community is time in the regular class: the team chooses the setting."
)
UNKNOWN = "Write the total of instructional minutes a week, and the lines of services."
Row = Mapping[str, str]


@dataclass(frozen=True)
class Computed:
    """The answer with what it was computed from; `open` counts lines that are not complete."""

    environment: Environment
    lines: tuple[ServiceLine, ...]
    services: tuple[str, ...]
    open: int = 0
    week: Week | None = None
    young: bool = False

    @property
    def code(self) -> str:
        return self.environment.code

    @property
    def name(self) -> str:
        return name_of(CodeSet.LRE_EARLY_CHILDHOOD if self.young else CodeSet.LRE_SCHOOL_AGE, self.code)

    @property
    def outside(self) -> Fraction:
        return outside(self.lines)

    @property
    def outside_words(self) -> str:
        return whole(self.outside)

    @property
    def regular_words(self) -> str:
        return whole(self.week.regular) if self.week else ""

    @property
    def total_words(self) -> str:
        return f"{self.week.total:,}" if self.week else ""

    @property
    def percent_words(self) -> str:
        """To one place, cut off: 79.96 is not shown as 80."""
        return f"{int(self.week.percent * 10) / 10:.1f}" if self.week and self.week.is_possible else ""

    @property
    def shares(self) -> list[dict[str, object]]:
        """For the bar: each setting with where it begins and the middle of its stretch, in percent."""
        rows = [(row, row.below or 100) for row in shares()]
        return [
            {"code": row.code, "from": row.at_least, "middle": (row.at_least + to) / 2} for row, to in rows
        ]

    @property
    def how_weeks_count(self) -> str:
        return " ".join(f"{row.note}." for row in weeks().values() if row.note)

    @property
    def worked_out(self) -> list[dict[str, object]]:
        """Each line as it was counted."""
        return [
            {"service": service, "where": name_of(CodeSet.SERVICE_LOCATION, line.location),
             "a_week": whole(line.a_week), "counted": _counted(line)}
            for service, line in zip(self.services, self.lines, strict=True)
        ]  # fmt: skip


def _counted(line: ServiceLine) -> str:
    if not takes_part(line.recipient):
        return "No time of the student"
    if line.is_open:
        return "Open"
    return "In the regular class" if in_regular_class(line.location) else "Outside"


def computed(rows: Iterable[Row], total: str, *, young: bool, today: date) -> Computed:
    """From the lines of the services table and the total of minutes, as typed."""
    rows = list(rows)
    read = [(row.get("service", ""), line) for row in rows if (line := line_of(row, today))]
    lines = tuple(line for _, line in read)
    services = tuple(name_of(CodeSet.SERVICE, code) or code for code, _ in read)
    week = None if any(line.is_open for line in lines) else _week(lines, total, today)
    return Computed(_environment(week, lines, young), lines, services, len(rows) - len(lines), week, young)


def line_of(row: Row, today: date) -> ServiceLine | None:
    """A complete line, or None."""
    per, location, recipient = (row.get(key, "").strip() for key in ("per", "location", "recipient"))
    minutes, sessions = (_whole(row.get(key, ""), today) for key in ("minutes", "sessions"))
    if not (minutes and sessions and location and recipient) or per not in weeks():
        return None
    return ServiceLine(minutes, sessions, per, location, recipient)


def _week(lines: tuple[ServiceLine, ...], total: str, today: date) -> Week | None:
    minutes = _whole(total, today)
    return Week(minutes, inside(lines), outside(lines)) if minutes else None


def _environment(week: Week | None, lines: tuple[ServiceLine, ...], young: bool) -> Environment:
    if any(line.is_open for line in lines):
        return Environment("", OPEN)
    if week is None or not lines:
        return Environment("", UNKNOWN)
    if not week.is_possible:
        return Environment("", IMPOSSIBLE)
    return of_early_childhood(week) if young else of_school_age(week)


def _whole(text: str, today: date) -> int | None:
    try:
        value = value_of("int", text, today)
    except NotUnderstood:
        return None
    return value if isinstance(value, int) else None


def is_young(birth_date: date | None, grade: str, on: date) -> bool:
    return birth_date is not None and is_early_childhood(birth_date, grade, on)
