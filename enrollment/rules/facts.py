"""What the rules must know about a student and an enrollment: values, no records."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

REGISTERED = 4
ATTENDING = 5


class PartC(StrEnum):
    """Was the student ever eligible for Part C services? Unknown keeps the child protected (A16)."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class DocumentationState(StrEnum):
    NONE = "none"
    SUBMITTED = "submitted"
    ACCEPTED = "accepted"
    REFUSED = "refused"


@dataclass(frozen=True, kw_only=True)
class ExitFacts:
    """An enrollment at the moment of its exit. `stage` is 4 (registered) or 5 (attending), None where the
    state has no stages; `grade` is a code of the table of grades."""

    first_day: date
    has_special_education: bool
    stage: int | None = ATTENDING
    attended: bool = True
    grade: str = ""
    birth_date: date | None = None
    adult_program: bool = False
    cohort_year: int | None = None
    part_c_history: PartC = PartC.UNKNOWN
    evaluation_pending: bool = False
    contact_efforts_recorded: bool = False
    notice_issued: bool = False
    documentation: DocumentationState = DocumentationState.NONE
    recorded_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class EntryFacts:
    """What is known when a student enters. `first_attended` is the first day attended in this enrollment."""

    forms_received_on: date | None = None
    agreement_received_on: date | None = None
    first_attended: date | None = None
    first_school_day: date | None = None
    previous_exit_code: str = ""
    previous_exit_on: date | None = None
