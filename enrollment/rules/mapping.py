"""A district's own codes beside the state's: each local code means exactly one state code.

Authority: OSSE 2016, slides 6 and 11 (A7: districts may be more granular than the state).
"""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from enrollment.rules.codes import Code, Kind, codes_for, entry_code, exit_code, why_not_usable
from organizations.rules.profiles import Profile
from rulebook.formulas import guarded, unguarded

COLUMNS = ("kind", "local_code", "local_name", "state_code")
LONGEST_CODE = 20
LONGEST_NAME = 120
MOST_ROWS = 2_000
DAMAGED = "The file holds signs that no text has: it is damaged, or no CSV. Export it again as CSV UTF-8."
QUOTED = "A quotation mark is opened and never closed, or a cell is far too long. Export the file again."
UNREADABLE = "Begins with neither entry nor exit, or has more or fewer cells than the first line."


class MappingRefused(ValueError):
    """The file cannot be read as a mapping; the message says why and what to do."""


@dataclass(frozen=True)
class MappingRow:
    """One line of a mapping file; `line` counts from the header, 1."""

    line: int
    kind: Kind
    code: str
    name: str
    state_code: str


@dataclass(frozen=True)
class RowError:
    line: int
    sentence: str


def state_code_of(profile: Profile, kind: Kind, code: str) -> Code | None:
    """The state's code of this number, also a retired one."""
    return entry_code(profile, code) if kind == Kind.ENTRY else exit_code(profile, code)


def why_not_map(profile: Profile, kind: Kind, code: str, state_code: str, on: date) -> str | None:
    """R1.03: a local code means one valid state code; a state code is never given another meaning."""
    if not code or len(code) > LONGEST_CODE:
        return f"A local code has 1 to {LONGEST_CODE} characters."
    row = state_code_of(profile, kind, state_code)
    if row is None:
        return f"“{state_code[:12]}” is not an {kind} code of this state."
    if reason := why_not_usable(row, on):
        return reason
    if code != state_code and state_code_of(profile, kind, code):
        return f"{code} is a state code itself: it cannot mean {state_code}."
    return None


def gaps(profile: Profile, kind: Kind, on: date, mapped: Collection[str]) -> tuple[Code, ...]:
    """R1.02: the state codes valid on the day that no local code means.

    A district that has mapped nothing sends the state's own codes, and has no gaps (R1.03).
    """
    if not mapped:
        return ()
    return tuple(code for code in codes_for(profile, kind, on) if code.code not in mapped)


def meaning_of(profile: Profile, kind: Kind, code: str, mapping: Mapping[str, str]) -> str | None:
    """The state code that a local one means: as mapped, or itself when it is a state code (R1.03)."""
    if code in mapping:
        return mapping[code]
    return code if state_code_of(profile, kind, code) else None


def read_mapping(text: str, profile: Profile, on: date) -> tuple[list[MappingRow], list[RowError]]:
    """The rows of a mapping file and what is wrong in it. Raises MappingRefused when it is no such file."""
    rows, errors = [], []
    seen: dict[tuple[str, str], int] = {}
    for line, cells in _lines(text):
        row = _row(line, cells)
        if row is None:
            errors.append(RowError(line, UNREADABLE))
        elif sentence := _why_not_take(row, seen, profile, on):
            errors.append(RowError(line, sentence))
        else:
            rows.append(row)
    return rows, errors


def write_mapping(rows: Iterable[tuple[str, str, str, str]]) -> str:
    """Rows of (kind, local code, local name, state code) as a CSV text that `read_mapping` reads."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(map(guarded, row) for row in rows)
    return text.getvalue()


def _lines(text: str) -> Iterator[tuple[int, Mapping[str | None, str | None]]]:
    """The lines by column, as they are counted from the header, 1."""
    if "\x00" in text:
        raise MappingRefused(DAMAGED)
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        _check_header(reader.fieldnames or [])
        for line, cells in enumerate(reader, start=2):
            if line > MOST_ROWS:
                raise MappingRefused(f"A mapping has at most {MOST_ROWS:,} rows. Is this the right file?")
            yield line, cells
    except csv.Error:
        raise MappingRefused(QUOTED) from None


def _check_header(header: Iterable[str]) -> None:
    names = list(header)
    if missing := [name for name in COLUMNS if name not in names]:
        raise MappingRefused(f"The first line lacks {', '.join(missing)}. It must name {', '.join(COLUMNS)}.")
    if len(set(names)) < len(names):
        raise MappingRefused("A column stands twice in the first line. Delete one of the two.")


def _row(line: int, cells: Mapping[str | None, str | None]) -> MappingRow | None:
    if None in cells or None in cells.values():
        return None
    kind, code, name, state_code = (unguarded((cells[column] or "").strip()) for column in COLUMNS)
    found = next((known for known in Kind if known == kind.lower()), None)
    return MappingRow(line, found, code, name, state_code) if found else None


def _why_not_take(
    row: MappingRow, seen: dict[tuple[str, str], int], profile: Profile, on: date
) -> str | None:
    first = seen.setdefault((row.kind, row.code), row.line)
    if first != row.line:
        return f"{row.code} stands already on line {first}: it can mean one state code only."
    if len(row.name) > LONGEST_NAME:
        return f"A name has at most {LONGEST_NAME} characters."
    return why_not_map(profile, row.kind, row.code, row.state_code, on)
