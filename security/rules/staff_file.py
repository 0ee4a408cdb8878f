"""The staff file: its layout, what is wrong with a row, and what a missing staff ID leads to (SEC-42).

Layout: CSV, UTF-8, a first line with the column names below, one line for each person and place of work.
"""

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

COLUMNS = (
    "staff_id",
    "last_name",
    "first_name",
    "position",
    "district_code",
    "site_code",
    "first_day",
    "last_day",
)
MOST_ROWS = 200_000
MOST_MISSING = 0.25  # of the people with access; more than that is a broken file
FEW = 8  # people: below, no share says anything


class StaffFileRefused(ValueError):
    """The whole file is refused; the message says why and what to do."""


class Miss(StrEnum):
    FLAG = "FLAG"
    SAME_DAY = "SAME_DAY"
    SUSPEND = "SUSPEND"
    STAYS_SUSPENDED = "STAYS_SUSPENDED"


@dataclass(frozen=True)
class StaffRow:
    """`line` counts from 1, the heading being line 1. An empty last day is open."""

    line: int
    staff_id: str
    district_code: str
    site_code: str
    first_day: date | None
    last_day: date | None

    def works_on(self, day: date) -> bool:
        return (self.first_day is None or self.first_day <= day) and (
            self.last_day is None or self.last_day >= day
        )


@dataclass(frozen=True)
class RowError:
    line: int
    sentence: str


def read_rows(content: bytes) -> tuple[list[StaffRow], list[RowError]]:
    """The rows that can be read, and what is wrong with the others. Raises StaffFileRefused."""
    rows: list[StaffRow] = []
    errors: list[RowError] = []
    for line, cells in _lines(content):
        try:
            rows.append(_row(line, cells))
        except ValueError as wrong:
            errors.append(RowError(line, str(wrong)))
    if not rows and not errors:
        raise StaffFileRefused("The file has a heading but nobody in it. Export the staff list again.")
    return rows, errors


def _lines(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    reader = csv.reader(io.StringIO(_text(content), newline=""), strict=True)
    try:
        heading = [name.strip().lower() for name in next(reader, [])]
        _check_heading(heading)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if reader.line_num > MOST_ROWS:
                raise StaffFileRefused(f"The file has more than {MOST_ROWS:,} lines. Send it by district.")
            yield reader.line_num, dict(zip(heading, (cell.strip() for cell in cells), strict=False))
    except csv.Error as wrong:
        raise StaffFileRefused(
            f"Line {reader.line_num} cannot be read as CSV ({wrong}). Save the file as CSV again."
        ) from None


def _text(content: bytes) -> str:
    if b"\x00" in content:
        raise StaffFileRefused("This is no text file. Save the staff list as CSV (UTF-8) and send that.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise StaffFileRefused("The file is not in UTF-8. Choose “CSV UTF-8” when you save it.") from None


def _check_heading(heading: list[str]) -> None:
    if missing := [name for name in COLUMNS if name not in heading]:
        raise StaffFileRefused(
            f"The first line lacks the column{'s' if len(missing) > 1 else ''} {', '.join(missing)}."
            f" It must hold: {', '.join(COLUMNS)}."
        )


def _row(line: int, cells: dict[str, str]) -> StaffRow:
    if not cells.get("staff_id"):
        raise ValueError("The staff ID is missing.")
    if not cells.get("district_code"):
        raise ValueError("The district code is missing.")
    first, last = _day(cells.get("first_day", "")), _day(cells.get("last_day", ""))
    if first and last and last < first:
        raise ValueError(f"The last day {last} lies before the first day {first}.")
    return StaffRow(line, cells["staff_id"], cells["district_code"], cells.get("site_code", ""), first, last)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise ValueError(f"“{text[:20]}” is no date. Write it as year, month, day: 2026-09-04.") from None


def place_errors(
    rows: Collection[StaffRow], sites_of: dict[str, Collection[str]], mine: Collection[str]
) -> list[RowError]:
    """Rows whose place is unknown or not the sender's. `sites_of`: the site codes by district code."""
    errors = []
    for row in rows:
        if row.district_code not in sites_of:
            errors.append(RowError(row.line, f"There is no district with the code {row.district_code}."))
        elif row.district_code not in mine:
            errors.append(RowError(row.line, f"District {row.district_code} is not yours. Remove its rows."))
        elif row.site_code and row.site_code not in sites_of[row.district_code]:
            errors.append(
                RowError(row.line, f"District {row.district_code} has no site with the code {row.site_code}.")
            )
    return errors


def after_miss(last_missed_on: date | None, suspended: bool, day: date) -> Miss:
    """The first miss flags, the second in a row suspends; two files of one day are one miss."""
    if suspended:
        return Miss.STAYS_SUSPENDED
    if last_missed_on is None:
        return Miss.FLAG
    return Miss.SUSPEND if day > last_missed_on else Miss.SAME_DAY


def why_too_many(expected: int, missing: int) -> str | None:
    """A file that lacks so many people is more likely broken than right."""
    if expected < FEW or missing <= expected * MOST_MISSING:
        return None
    return (
        f"{missing} of {expected} people with access are not in this file. It is probably cut off:"
        " export it again, or say below that it is right."
    )
