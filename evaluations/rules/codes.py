"""The code sets of an evaluation."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

EXCEPTIONALITIES_CSV = Path(__file__).parent / "exceptionalities.csv"
TYPES_CSV = Path(__file__).parent / "evaluation_types.csv"
OUTCOMES_CSV = Path(__file__).parent / "evaluation_outcomes.csv"
EXTENSIONS_CSV = Path(__file__).parent / "evaluation_extensions.csv"
NOT_ENROLLED_CSV = Path(__file__).parent / "not_enrolled.csv"
DELAY_REASONS_WI_CSV = Path(__file__).parent / "delay_reasons_wi.csv"


class EvaluationType(StrEnum):
    INITIAL = "INIT"
    REEVALUATION = "REEV"
    WAIVER = "WAIV"
    OUT_OF_STATE = "OOS"
    DIFFERENT = "DIFF"


class Outcome(StrEnum):
    ELIGIBLE = "ELIG"
    NOT_ELIGIBLE = "NOTE"
    CONSENT_WITHDRAWN = "INCO"
    MOVED = "MOVE"


class DelayReason(StrEnum):
    TRANSFER = "T"
    CHILD_UNAVAILABLE = "C"
    INITIAL_SLD = "I"
    OTHER = "OTHER"


@dataclass(frozen=True, kw_only=True)
class CodeRow:
    KEY: ClassVar = ("code", "first_day")

    code: str
    name: str
    authority: str
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


@dataclass(frozen=True, kw_only=True)
class Exceptionality(CodeRow):
    """`first_age` and `last_age`, in full years at the determination, where only some ages may have it.

    `waiver_needs_guidance`: a reevaluation is waived only after guidance (LAC 28:CI.1101.C.1).
    """

    in_idea: bool
    federal_category: str = ""
    first_age: int | None = None
    last_age: int | None = None
    waiver_needs_guidance: bool = False

    def is_for(self, age: int) -> bool:
        youngest = 0 if self.first_age is None else self.first_age
        return youngest <= age and (self.last_age is None or age <= self.last_age)


@dataclass(frozen=True, kw_only=True)
class TypeRow(CodeRow):
    """`due_by`: the deadline that an evaluation of this type runs against."""

    initial: bool
    needs_consent: bool
    due_by: str = ""


@dataclass(frozen=True, kw_only=True)
class OutcomeRow(CodeRow):
    """`determines`: whether the evaluation came to a determination at all."""

    eligible: bool
    determines: bool


@dataclass(frozen=True, kw_only=True)
class Extension(CodeRow):
    """`only_for`: the one type of evaluation that may be extended so; otherwise any. `until_anniversary`: not
    beyond three years after the last evaluation.
    """

    wisconsin_delay_reason: str = ""
    only_for: EvaluationType | None = None
    until_anniversary: bool = False


@dataclass(frozen=True, kw_only=True)
class NotEnrolled:
    """Evaluated without attending a public school; `under_age` in full years at the referral."""

    KEY: ClassVar = ("code",)

    code: str
    name: str
    authority: str
    under_age: int | None = None
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class DelayReasonRow(CodeRow):
    """`edfi_descriptor`: the code value sent to Ed-Fi; the other reason is sent as text instead."""

    needs_late_reason: bool
    edfi_descriptor: str = ""


@cache
def exceptionalities() -> tuple[Exceptionality, ...]:
    return read_table(EXCEPTIONALITIES_CSV, Exceptionality)


@cache
def exceptionality(code: str) -> Exceptionality | None:
    return next((row for row in exceptionalities() if row.code == code), None)


@cache
def evaluation_types() -> tuple[TypeRow, ...]:
    return read_table(TYPES_CSV, TypeRow)


@cache
def evaluation_type(code: str) -> TypeRow | None:
    return next((row for row in evaluation_types() if row.code == code), None)


@cache
def outcomes() -> tuple[OutcomeRow, ...]:
    return read_table(OUTCOMES_CSV, OutcomeRow)


@cache
def outcome(code: str) -> OutcomeRow | None:
    return next((row for row in outcomes() if row.code == code), None)


@cache
def extensions() -> tuple[Extension, ...]:
    return read_table(EXTENSIONS_CSV, Extension)


@cache
def extension(code: str) -> Extension | None:
    return next((row for row in extensions() if row.code == code), None)


def why_not_extend(row: Extension, kind: str) -> str | None:
    """34 CFR 300.309(c): by agreement only what the law lets be agreed."""
    if row.only_for is None or row.only_for == kind:
        return None
    only = evaluation_type(row.only_for)
    return f"“{row.name}” is for this type only: {only.name if only else row.only_for}."


@cache
def delay_reasons_wi() -> tuple[DelayReasonRow, ...]:
    return read_table(DELAY_REASONS_WI_CSV, DelayReasonRow)


@cache
def not_enrolled() -> tuple[NotEnrolled, ...]:
    return read_table(NOT_ENROLLED_CSV, NotEnrolled)


@cache
def not_enrolled_as(code: str) -> NotEnrolled | None:
    return next((row for row in not_enrolled() if row.code == code), None)
