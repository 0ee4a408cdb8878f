"""Entry and exit codes: what each one means, and how to find it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from organizations.rules.calendar import in_words, school_year_of
from organizations.rules.profiles import Profile, state_profile
from rulebook.tables import in_force, read_table

ENTRY_CODES_CSV = Path(__file__).parent / "entry_codes.csv"
EXIT_CODES_CSV = Path(__file__).parent / "exit_codes.csv"
SPED_EXITS_CSV = Path(__file__).parent / "sped_exits.csv"

DEFAULT_CODE = "1984"
CONSENT_REVOKED = "X12"  # of sped_exits.csv


class Kind(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Category(StrEnum):
    """OSSE 2016, slides 12-16. Where the source prints none, none is invented."""

    CONTINUATION = "Continuation"
    TRANSFER = "Transfer"
    ORIGINAL_ENTRY = "Original Entry"
    ENTRY = "Entry"
    CREDENTIAL = "Credential"
    END_OF_YEAR = "End of Year"
    EXITED = "Exited"
    DISCHARGE = "Discharge"
    DISENGAGEMENT = "Disengagement"
    NOT_STATED = "not stated"


class EnrollmentRoster(StrEnum):
    LEAVES = "yes"
    ADMINISTRATIVE = "administrative"
    RE_ENTERED = "re-entered"
    NOT_STATED = "not stated"


class SpecialEducationRoster(StrEnum):
    LEAVES = "yes"
    STAYS = "no"
    CONDITIONAL = "conditional"
    NOT_STATED = "not stated"


class Evidence(StrEnum):
    """What must be shown before a code takes a student off the special education roster."""

    DOCUMENTATION = "documentation"
    BIRTH_DATE = "birth date"
    PART_C_HISTORY = "Part C history"
    ADMINISTRATIVE_EXIT = "administrative exit"
    NONE = ""


class Cohort(StrEnum):
    AFTER_APPROVAL = "after approval"
    STAYS = "no"
    NOT_STATED = "not stated"


class Dropout(StrEnum):
    GRADES_7_TO_12 = "grades 7-12"
    NEVER = "no"
    NOT_STATED = "not stated"


class Documentation(StrEnum):
    """Submit: the LEA hands it in. Verify: somebody else supplies it. Retain: the LEA keeps it (slide 6)."""

    SUBMIT = "submit"
    VERIFY = "verify"
    RETAIN = "retain"
    NOT_STATED = "not stated"


class BecomesDefault(StrEnum):
    """Whether an exit that nobody verified is treated as 1984 (slides 26 and 36)."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    NOT_STATED = "not stated"


@dataclass(frozen=True, kw_only=True)
class Code:
    """What an entry and an exit code share. Where the state gives no name, its words of use stand instead."""

    KEY: ClassVar = ("profile", "kind", "code", "first_day")

    profile: Profile
    kind: Kind
    code: str
    category: Category
    active: bool
    authority: str
    stage: int | None = None
    name: str = ""
    usage: str = ""
    synonyms: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""

    @property
    def meaning(self) -> str:
        """The state's name; where the state gives none, its words of use."""
        words = self.name or self.usage
        return words[:1].upper() + words[1:] if words else "No name is stated"

    def __str__(self) -> str:
        return f"{self.code} {self.meaning}"


@dataclass(frozen=True, kw_only=True)
class EntryCode(Code):
    """`after_exit`: the exit code that must stand before this entry."""

    attendance_first: bool
    documents_first: bool
    after_exit: str = ""


@dataclass(frozen=True, kw_only=True)
class ExitCode(Code):
    """`documentation_days`: calendar days from the exit date until the documentation is due."""

    leaves_enrollment_roster: EnrollmentRoster
    leaves_special_education_roster: SpecialEducationRoster
    leaves_cohort: Cohort
    counts_as_dropout: Dropout
    documentation: Documentation
    defaults_to_1984: BecomesDefault
    evidence: Evidence = Evidence.NONE
    condition: str = ""
    documented_by: str = ""
    documentation_days: int | None = None


@dataclass(frozen=True)
class SpedExit:
    """Why special education ended. Two federal categories mean that the state has not chosen yet."""

    KEY: ClassVar = ("profile", "code")

    profile: Profile
    code: str
    name: str
    authority: str
    federal_categories: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""


@cache
def entry_codes() -> tuple[EntryCode, ...]:
    return read_table(ENTRY_CODES_CSV, EntryCode)


@cache
def exit_codes() -> tuple[ExitCode, ...]:
    return read_table(EXIT_CODES_CSV, ExitCode)


@cache
def sped_exits() -> tuple[SpedExit, ...]:
    return read_table(SPED_EXITS_CSV, SpedExit)


def sped_exits_on(profile: Profile, on: date) -> Sequence[SpedExit]:
    """In force on a day. A state that printed no reasons of its own uses the ones that there are."""
    rows = in_force(sped_exits(), on)
    return [row for row in rows if row.profile == profile] or rows


def sped_exit(profile: Profile, code: str, on: date) -> SpedExit | None:
    return next((row for row in sped_exits_on(profile, on) if row.code == code), None)


def codes_for(profile: Profile, kind: Kind, on: date) -> tuple[Code, ...]:
    """The codes that may be used on a day, in the order of the table."""
    table: tuple[Code, ...] = entry_codes() if kind == Kind.ENTRY else exit_codes()
    used = code_set(profile)
    return in_force([row for row in table if row.profile == used and row.active], on)


def code_set(profile: Profile) -> Profile:
    """The profile whose entry and exit codes are used in this state."""
    return state_profile(Profile(profile)).enrollment_codes


def entry_code(profile: Profile, code: str) -> EntryCode | None:
    """Any entry code, also a retired one, so that an old record can be read."""
    used = code_set(profile)
    return next((row for row in entry_codes() if (row.profile, row.code) == (used, code)), None)


def exit_code(profile: Profile, code: str) -> ExitCode | None:
    """Any exit code, also an inactive or retired one, so that an old record can be read."""
    used = code_set(profile)
    return next((row for row in exit_codes() if (row.profile, row.code) == (used, code)), None)


def why_not_usable(code: Code, on: date) -> str | None:
    """R1.05, A8: a code is used only once it has a name and while it is valid."""
    if not code.active:
        return f"{code.code} cannot be used yet: the state's documents give no name for it."
    if code.first_day and on < code.first_day:
        return f"{code.code} is not valid before school year {school_year_of(code.first_day).label}."
    if code.last_day and on > code.last_day:
        return f"{code.code} is not valid after {in_words(code.last_day)}."
    return None
