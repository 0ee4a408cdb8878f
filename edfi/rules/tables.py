"""The two tables of this app: why a record is not sent, and which URI stands for a local code."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

CONDITIONS_CSV = Path(__file__).parent / "sending_conditions.csv"
DESCRIPTORS_CSV = Path(__file__).parent / "descriptors.csv"
CORE = "ED-FI"


class Condition(StrEnum):
    """Why a record is not sent, or is sent with a warning."""

    PROFILE_NOT_PUBLIC = "PROFILE_NOT_PUBLIC"
    BEFORE_2022_23 = "BEFORE_2022_23"
    NOT_LOCKED = "NOT_LOCKED"
    NOT_INITIAL = "NOT_INITIAL"
    NO_EDFI_ID = "NO_EDFI_ID"
    NO_CONSENT_DATE = "NO_CONSENT_DATE"
    NO_DETERMINATION_DATE = "NO_DETERMINATION_DATE"
    DETERMINED_BEFORE_CONSENT = "DETERMINED_BEFORE_CONSENT"
    DETERMINATION_IN_FUTURE = "DETERMINATION_IN_FUTURE"
    NO_ENROLLMENT = "NO_ENROLLMENT"
    NO_SHOW = "NO_SHOW"
    EXCLUDED = "EXCLUDED"
    CALENDAR_EXCLUDED = "CALENDAR_EXCLUDED"
    SUMMER_SCHOOL = "SUMMER_SCHOOL"
    SCHOOL_EXCLUDED = "SCHOOL_EXCLUDED"
    NO_YEAR_CONFIGURATION = "NO_YEAR_CONFIGURATION"
    AFTER_YEAR_END = "AFTER_YEAR_END"
    NO_SCHOOL_NUMBER = "NO_SCHOOL_NUMBER"
    MISSING_FIELD = "MISSING_FIELD"
    UNMAPPED_CODE = "UNMAPPED_CODE"
    LATE_REASON_TOO_LONG = "LATE_REASON_TOO_LONG"
    SAME_DETERMINATION_DATE = "SAME_DETERMINATION_DATE"
    SAME_KEY = "SAME_KEY"
    ELIGIBLE_WITHOUT_IEP = "ELIGIBLE_WITHOUT_IEP"
    EVAL_ONLY_OTHER_YEAR = "EVAL_ONLY_OTHER_YEAR"
    IEP_WITHOUT_FIRST_DAY = "IEP_WITHOUT_FIRST_DAY"
    NO_SCHOOL_WITH_IEP = "NO_SCHOOL_WITH_IEP"
    LEFT_OUT = "LEFT_OUT"


class Fixer(StrEnum):
    """Who can do something about it; nobody: it is as it should be."""

    NOBODY = "nobody"
    DATA_MANAGER = "data_manager"
    REGISTRAR = "registrar"
    EVALUATION_COORDINATOR = "evaluation_coordinator"
    IEP_AUTHOR = "iep_author"


@dataclass(frozen=True)
class ConditionRow:
    KEY: ClassVar = ("id",)

    id: Condition
    who: Fixer
    condition: str
    sentence: str
    authority: str


@dataclass(frozen=True, kw_only=True)
class DescriptorRow:
    """`uri` empty: the state has no value that is known; one is mapped over the connection."""

    KEY: ClassVar = ("state", "descriptor", "local_code")

    state: str
    descriptor: str
    local_code: str
    uri: str = ""
    authority: str


@cache
def conditions() -> Mapping[Condition, ConditionRow]:
    return {row.id: row for row in read_table(CONDITIONS_CSV, ConditionRow)}


@cache
def descriptors_of(state: str) -> Mapping[tuple[str, str], str]:
    """URIs by (descriptor, local code); a state without rows of its own uses Ed-Fi's core values."""
    rows = read_table(DESCRIPTORS_CSV, DescriptorRow)
    own = [row for row in rows if row.state == state] or [row for row in rows if row.state == CORE]
    return {(row.descriptor, row.local_code): row.uri for row in own}
