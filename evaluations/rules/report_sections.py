"""The sections of the integrated report: what each asks for, where it is held, and which a state requires."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

REPORT_SECTIONS_CSV = Path(__file__).parent / "report_sections.csv"


class Held(StrEnum):
    """Written as text, or taken from what the record holds already."""

    TEXT = "text"
    COMPONENTS = "components"
    TEAM = "team"
    RECORD = "record"


@dataclass(frozen=True, kw_only=True)
class ReportSection:
    """Required of evaluations referred on `required_from` or later under the state profiles `required_in`.

    `only_for`: the exceptionality without which the section is not asked for.
    """

    KEY: ClassVar = ("section",)

    section: str
    title: str
    asks: str
    held: Held
    authority: str
    required_in: tuple[str, ...] = ()
    required_from: date | None = None
    only_for: str = ""
    note: str = ""


@cache
def report_sections() -> tuple[ReportSection, ...]:
    return read_table(REPORT_SECTIONS_CSV, ReportSection)


@cache
def written_sections() -> tuple[ReportSection, ...]:
    return tuple(row for row in report_sections() if row.held is Held.TEXT)


@cache
def written_section(key: str) -> ReportSection | None:
    return next((row for row in written_sections() if row.section == key), None)


def required_sections(
    profile: str, referred_on: date | None, exceptionalities: Collection[str] = ()
) -> tuple[ReportSection, ...]:
    """What must be there before the report is locked. Of an old record without a referral, nothing."""
    if referred_on is None:
        return ()
    return tuple(
        row
        for row in report_sections()
        if profile in row.required_in
        and (row.required_from is None or row.required_from <= referred_on)
        and (not row.only_for or row.only_for in exceptionalities)
    )
