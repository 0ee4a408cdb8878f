"""The code sets of an IEP, each a small table."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import read_table

HERE = Path(__file__).parent


class CodeSet(StrEnum):
    """The code sets; a field of type `code:service` takes its values from `services.csv`."""

    IEP_STATUS = "iep_status"
    IEP_TYPE = "iep_type"
    IEP_CATEGORY = "iep_category"
    LRE_SCHOOL_AGE = "lre_school_age"
    LRE_EARLY_CHILDHOOD = "lre_early_childhood"
    SERVICE = "service"
    SERVICE_RECIPIENT = "service_recipient"
    SERVICE_TERMINATION = "service_termination"
    STATE_ASSESSMENT = "state_assessment"
    ESY_CRITERION = "esy_criterion"
    APRIL_DUNN_PATHWAY = "april_dunn_pathway"
    PARTICIPANT_ROLE = "participant_role"
    SERVICES_CONSENT = "services_consent"
    SERVICE_PERIOD = "service_period"
    SERVICE_LOCATION = "service_location"
    ESY_DECISION = "esy_decision"


class IepStatus(StrEnum):
    DRAFT = "DRAFT"
    OFFICIAL = "OFFICIAL"
    AMENDED = "AMENDED"
    SUPERSEDED = "SUPERSEDED"
    DELETE_REQUESTED = "DELREQ"
    DELETED = "DELETED"


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
class StatusRow(CodeRow):
    can_be_edited: bool
    counts_as_current: bool


@dataclass(frozen=True, kw_only=True)
class TypeRow(CodeRow):
    for_new_ieps: bool


@dataclass(frozen=True, kw_only=True)
class SettingRow(CodeRow):
    """An educational environment; a computed one follows from the minutes of service."""

    computed: bool


@dataclass(frozen=True, kw_only=True)
class LocationRow(CodeRow):
    """`in_regular_class` is None where no source says it."""

    in_regular_class: bool | None = None


@dataclass(frozen=True, kw_only=True)
class RecipientRow(CodeRow):
    student_takes_part: bool


CODE_TABLES: dict[CodeSet, tuple[Path, type[CodeRow], str]] = {
    CodeSet.IEP_STATUS: (HERE / "iep_statuses.csv", StatusRow, "Statuses of an IEP"),
    CodeSet.IEP_TYPE: (HERE / "iep_types.csv", TypeRow, "Types of IEP"),
    CodeSet.IEP_CATEGORY: (HERE / "iep_categories.csv", CodeRow, "Categories of IEP"),
    CodeSet.LRE_SCHOOL_AGE: (HERE / "lre_school_age.csv", SettingRow, "Settings, school age"),
    CodeSet.LRE_EARLY_CHILDHOOD: (HERE / "lre_early_childhood.csv", SettingRow, "Settings, early childhood"),
    CodeSet.SERVICE: (HERE / "services.csv", CodeRow, "Services"),
    CodeSet.SERVICE_RECIPIENT: (HERE / "service_recipients.csv", RecipientRow, "Who receives a service"),
    CodeSet.SERVICE_TERMINATION: (HERE / "service_terminations.csv", CodeRow, "Why a service ends"),
    CodeSet.STATE_ASSESSMENT: (HERE / "state_assessments.csv", CodeRow, "State assessments"),
    CodeSet.ESY_CRITERION: (HERE / "esy_criteria.csv", CodeRow, "Criteria for extended school year"),
    CodeSet.APRIL_DUNN_PATHWAY: (HERE / "april_dunn_pathways.csv", CodeRow, "April Dunn Act pathways"),
    CodeSet.PARTICIPANT_ROLE: (HERE / "participant_roles.csv", CodeRow, "Roles in an IEP team"),
    CodeSet.SERVICES_CONSENT: (HERE / "services_consents.csv", CodeRow, "Answers of a parent to an IEP"),
    CodeSet.SERVICE_PERIOD: (HERE / "service_periods.csv", CodeRow, "Periods that sessions are counted by"),
    CodeSet.SERVICE_LOCATION: (HERE / "service_locations.csv", LocationRow, "Where a service is given"),
    CodeSet.ESY_DECISION: (HERE / "esy_decisions.csv", CodeRow, "Decisions on extended school year"),
}


@cache
def codes(code_set: CodeSet) -> tuple[CodeRow, ...]:
    """All codes of a set, also the retired ones; `rulebook.tables.in_force` picks those of a day."""
    path, row_type, _ = CODE_TABLES[code_set]
    return read_table(path, row_type)


@cache
def name_of(code_set: CodeSet, code: str) -> str:
    """The meaning of a code, or "" for an unknown one."""
    return next((row.name for row in codes(code_set) if row.code == code), "")
