"""What the sending rules look at: plain values taken from the records, and the settings of a connection."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Profile(StrEnum):
    PUBLIC = "public"
    CHOICE = "choice"
    CHOICE_PRIVATE = "choice_private"


class YearPolicy(StrEnum):
    """Which date decides the school year when consent and determination lie in two years (EDFI-C1)."""

    CONSENT = "consent"
    DETERMINATION = "determination"


class UnmappedPolicy(StrEnum):
    """What becomes of a program record with a code of an optional field that has no state value."""

    HOLD = "hold"
    LEAVE_OUT = "leave_out"


class IdeaPolicy(StrEnum):
    """What makes ideaIndicator true (EDFI-C9)."""

    OFFICIAL_IEP = "official_iep"
    OUTCOME = "outcome"


class FuturePolicy(StrEnum):
    """What happens while the determination date lies ahead (EDFI-C7)."""

    HOLD = "hold"
    SEND_INCOMPLETE = "send_incomplete"


class EditPolicy(StrEnum):
    """How a record changes whose key stays (EDFI-C3)."""

    POST = "post"
    DELETE_AND_POST = "delete_and_post"


class DeleteOrder(StrEnum):
    """Which of the two records of a child who was only evaluated goes first (EDFI-C4)."""

    ELIGIBILITY_FIRST = "eligibility_first"
    RESPONSIBILITY_FIRST = "responsibility_first"


INITIAL = "INIT"
ELIGIBLE = "ELIG"
OTHER = "OTHER"


@dataclass(frozen=True)
class StudentFacts:
    id: int
    edfi_id: str = ""


@dataclass(frozen=True)
class EvaluationFacts:
    """`locked_at` is None while it is open; `delay_reason` is a local code, "OTHER" comes with a text.

    `disabilities`: local codes of those that IDEA knows, the primary one first.
    """

    id: int
    district_id: int | None = None
    type: str = INITIAL
    locked_at: datetime | None = None
    consent_date: date | None = None
    determination_date: date | None = None
    delay_reason: str = ""
    late_reason: str = ""
    outcome: str = ""
    disabilities: tuple[str, ...] = ()


@dataclass(frozen=True)
class EnrollmentFacts:
    """`school_year` is the year in which the school year ends: 2026 for 2025-26."""

    id: int
    first_day: date
    last_day: date | None = None
    school_year: int | None = None
    district_id: int = 0
    school_edfi_id: int | None = None
    override_school_edfi_id: int | None = None
    state_type: str = "P"
    service_type: str = "P"
    state_exclude: bool = False
    wise_exclude: bool = False
    eval_only: bool = False
    no_show: bool = False
    calendar_excluded: bool = False
    summer_school: bool = False
    school_excluded: bool = False
    exit_code: str = ""

    @property
    def excluded(self) -> bool:
        return self.state_exclude or self.wise_exclude

    def contains(self, day: date) -> bool:
        """Both ends count, no last day is open (EDFI-A1)."""
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True)
class ServiceFacts:
    """`minutes_a_week` of the student in school weeks, 0 where it is not known or not the student's time."""

    code: str
    first_day: date
    last_day: date | None = None
    minutes_a_week: float = 0


@dataclass(frozen=True)
class IepFacts:
    """`replaced_from`: the first day of the IEP that takes its place. `setting`: a local code of the LRE."""

    official_day: date
    id: int = 0
    district_id: int | None = None
    first_day: date | None = None
    last_day: date | None = None
    replaced_from: date | None = None
    setting: str = ""
    total_minutes: int | None = None
    services: tuple[ServiceFacts, ...] = ()


@dataclass(frozen=True)
class ActivityFacts:
    """A stretch of special education. `exit_reason` is empty where it ended with an exit from school."""

    first_day: date
    last_day: date | None = None
    exit_reason: str = ""


@dataclass(frozen=True)
class Facts:
    """Everything about one student that decides what the state should hold."""

    student: StudentFacts
    evaluations: tuple[EvaluationFacts, ...] = ()
    enrollments: tuple[EnrollmentFacts, ...] = ()
    ieps: tuple[IepFacts, ...] = ()
    activities: tuple[ActivityFacts, ...] = ()


@dataclass(frozen=True)
class YearWindow:
    """A configured school year, July 1 to June 30 unless told otherwise (EDFI-R37).

    `programs`: program records are sent too.
    """

    year: int
    first_day: date | None = None
    last_day: date | None = None
    programs: bool = False

    @property
    def start(self) -> date:
        return self.first_day or date(self.year - 1, 7, 1)

    @property
    def end(self) -> date:
        return self.last_day or date(self.year, 6, 30)


@dataclass(frozen=True)
class ConnectionSettings:
    """`descriptors` maps (descriptor name, local code) to a URI; ids and names are the state's.

    `years_apart`: every school year has an ODS of its own. `district_id`: of a district's own connection.
    """

    profile: Profile = Profile.PUBLIC
    years: tuple[YearWindow, ...] = ()
    program_education_organization_id: int | None = None
    program_name: str = "Special Education"
    descriptors: Mapping[tuple[str, str], str] = field(default_factory=dict)
    year_policy: YearPolicy = YearPolicy.CONSENT
    idea_policy: IdeaPolicy = IdeaPolicy.OFFICIAL_IEP
    future_policy: FuturePolicy = FuturePolicy.HOLD
    unmapped_policy: UnmappedPolicy = UnmappedPolicy.HOLD
    years_apart: bool = False
    district_id: int | None = None
