"""How each deadline is counted: what starts it, how many of which unit, what meets it.

`deadlines.csv` tells the deadlines in words, `countings.csv` tells the program: one row for a deadline, a
state and a version. A row without a state is for every state that has none of its own. What nobody states is
a row too, which says so; nothing is made up for it.
"""

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from evaluations.rules.deadlines import Certainty, deadline
from organizations.rules.calendar import in_words
from organizations.rules.profiles import Profile
from rulebook.tables import BadTable, in_force, read_table

COUNTINGS_CSV = Path(__file__).parent / "countings.csv"


class Basis(StrEnum):
    """How the day is found."""

    COUNTED = "counted"
    DAY_BEFORE = "before the event"
    FIXED_DATE = "fixed date"
    AS_DEADLINE = "as another deadline"
    NOT_COUNTED = "not counted"


class Unit(StrEnum):
    CALENDAR_DAYS = "calendar days"
    BUSINESS_DAYS = "business days"
    SCHOOL_DAYS = "school days"
    MONTHS = "months"
    YEARS = "years"
    SCHOOL_YEARS = "school years"

    def of(self, count: int) -> str:
        return f"{count} {self.removesuffix('s') if count == 1 else self}"


class Direction(StrEnum):
    AFTER = "after"
    BEFORE = "before"


class Bound(StrEnum):
    """What the day means: the last one, the first one, the end of something, or the last for a condition."""

    BY = "due by"
    NOT_BEFORE = "not before"
    NOT_LONGER = "not longer than"
    ONLY_UNTIL = "only if started by"


class Length(StrEnum):
    """Who says how long: the source, or the district, which may choose another number than the default."""

    STATED = "stated"
    SETTING = "district setting"
    NOT_STATED = "not stated"


class Event(StrEnum):
    """What starts or meets a deadline."""

    REFERRAL = "written referral received"
    ORAL_REFERRAL = "oral referral received"
    PARENT_REQUEST = "written request of a parent received"
    REFERRAL_DOCUMENTED = "oral referral documented"
    EFFORTS_BEGUN = "efforts to get consent begun"
    EFFORTS_COMPLETED = "efforts to get consent completed"
    ANSWERED = "consent requested, or refused by notice"
    INTERVENTIONS = "data of interventions"
    CONSENT = "consent received"
    NO_ASSESSMENT = "notice that no assessment is needed"
    REEVALUATION_CONSENT = "consent for reevaluation received"
    REPORT_TO_PARENT = "report given to the parent"
    ELIGIBILITY_MEETING = "eligibility meeting"
    DISSEMINATED = "report disseminated"
    DETERMINED = "eligibility determined"
    EVALUATED = "evaluation completed"
    REEVALUATED = "reevaluation completed or waived"
    IEP_MEETING = "IEP team meeting"
    REVIEWED = "review IEP team meeting"
    IEP_DEVELOPED = "IEP developed"
    IEP_APPROVED = "IEP approved by the parent"
    IEP_IN_EFFECT = "IEP in effect"
    INTERIM_ENDED = "interim IEP replaced or exited"
    SERVICES_BEGUN = "services begun"
    SERVICES_ENDED = "services ended"
    CHANGE = "change of services takes effect"
    ACTION = "proposed or refused action takes effect"
    CHANGE_NOTICE = "notice of change sent"
    WRITTEN_NOTICE = "prior written notice issued"
    MEETING_NOTICE = "meeting notice sent"
    SAFEGUARDS_DUE = "occasion for procedural safeguards"
    SAFEGUARDS_GIVEN = "procedural safeguards given"
    BIRTHDAY = "birthday"
    PART_C_REFERRAL = "referral to Part C"
    PART_C_NOTICE = "Part C notification received"
    PART_C_CONFERENCE = "transition conference"
    TRANSITION_PLAN = "transition section complete"
    RIGHTS_STATEMENT = "statement of rights on the IEP"
    RIGHTS_NOTICE = "notice of transferred rights"
    GRADING_PERIOD = "end of a grading period"
    PROGRESS_REPORT = "progress report sent"
    SCHOOL_YEAR = "school year begins"
    FIRST_SCHOOL_DAY = "first school day"
    MEDICAID_NOTICE = "Medicaid notification sent"
    RECORDS_REQUEST = "records request received"
    RECORDS_MEETING = "IEP meeting or hearing after a records request"
    RECORDS_SHOWN = "access to records given"
    STATE_COMPLAINT = "state complaint received"
    STATE_DECISION = "state complaint decided"
    EARLY_RESOLUTION = "early resolution"
    DUE_PROCESS = "due process complaint received"
    RESOLUTION_MEETING = "resolution meeting"
    RESOLUTION_ENDS = "resolution period ends"
    HEARING_DECISION = "hearing decision mailed"
    DISCIPLINE = "decision to change placement for discipline"
    MANIFESTATION = "manifestation determination"
    REMOVED = "removal to an interim alternative setting"
    RETURNED = "return from the interim alternative setting"
    ENROLLED = "enrollment in the new district"
    IEP_ADOPTED = "IEP adopted or new IEP"
    SUMMER_SERVICES = "summer extended school year begins"
    ESY_DECISION = "extended school year decided"
    TEST_WINDOW = "first day of the test window"
    ACCOMMODATION = "accommodation recorded"
    RECORDS_CURRENT = "IEP and evaluation current, services open"
    AUDIT_READY = "enrollment ready for the audit"
    SUMMARY = "summary of performance given"
    EXIT = "exit"
    EXIT_PAPERS = "exit documentation attached"
    JURISDICTION_ENDS = "jurisdiction ends"
    ASSURANCE = "confidentiality assurance signed"
    ACCESS_REVIEW = "access review closed"
    STATUS_CHANGE = "employment status changes"
    ACCESS_ENDED = "access ended"
    OUTSIDE_EVALUATION = "independent evaluation requested"
    OUTSIDE_ANSWER = "agreed, or due process filed"
    ARCHIVE_REQUEST = "archived record requested"
    ARCHIVE_DELIVERED = "archived record delivered"


@dataclass(frozen=True, kw_only=True)
class Counting:
    """`count` of `unit`, `direction` of the event `starts_with`; of a birthday, the one at `age`.

    `soft`: crossing the day warns and does not stop. `why_not` says why nothing is counted.
    """

    KEY: ClassVar = ("deadline", "part", "state", "first_day")

    deadline: str
    part: str = ""
    state: Profile | None = None
    basis: Basis
    starts_with: Event
    age: int | None = None
    count: int | None = None
    unit: Unit | None = None
    direction: Direction = Direction.AFTER
    bound: Bound = Bound.BY
    met_by: Event | None = None
    as_deadline: str = ""
    fixed_date: str = ""
    length: Length
    soft: bool = False
    why_not: str = ""
    certainty: Certainty
    first_day: date | None = None
    last_day: date | None = None
    authority: str
    note: str = ""

    def __post_init__(self) -> None:
        wanted = {
            Basis.COUNTED: self.count is not None and self.unit is not None,
            Basis.DAY_BEFORE: self.direction is Direction.BEFORE,
            Basis.FIXED_DATE: bool(self.fixed_date),
            Basis.AS_DEADLINE: bool(self.as_deadline),
            Basis.NOT_COUNTED: bool(self.why_not),
        }
        if not wanted[self.basis] or (self.starts_with is Event.BIRTHDAY) != (self.age is not None):
            raise BadTable(f"countings.csv, {self.version}: lacks what “{self.basis}” needs")

    @property
    def name(self) -> str:
        row = deadline(self.deadline)
        assert row is not None
        return row.name

    @property
    def length_in_words(self) -> str:
        """Such as 60 business days."""
        return self.unit.of(self.count) if self.unit and self.count is not None else ""

    @property
    def version(self) -> str:
        """Which row applied, such as “D02 LA, from Jul 1, 2024”."""
        words = " ".join(filter(None, (self.deadline, self.state, self.part and f"({self.part})")))
        words += f", from {in_words(self.first_day)}" if self.first_day else ""
        return f"{words}, as {self.as_deadline}" if self.as_deadline else words

    def with_length(self, count: int) -> "Counting":
        """As the district chose. Raises ValueError where the length is not the district's to choose."""
        if self.length is not Length.SETTING or count < 0:
            raise ValueError(f"{self.version}: the length is {self.length}, {count} cannot be chosen")
        return replace(self, count=count)


@cache
def countings() -> tuple[Counting, ...]:
    return read_table(COUNTINGS_CSV, Counting)


def counting_on(number: str, state: str, day: date, part: str = "") -> Counting | None:
    """The row in force on the day of the starting event: the state's own, else that for every state.

    A deadline that runs as another is counted like that one. None where the deadline does not apply.
    """
    row = next(iter(in_force(versions_of(number, state, part), day)), None)
    if row is None or row.basis is not Basis.AS_DEADLINE:
        return row
    other = counting_on(row.as_deadline, state, day)
    assert other is not None
    return replace(row, basis=other.basis, count=other.count, unit=other.unit, as_deadline=other.version)


@cache
def versions_of(number: str, state: str, part: str = "") -> tuple[Counting, ...]:
    """The rows of one deadline, whenever in force: first the state's own, then those for every state."""
    rows = [row for row in countings() if (row.deadline, row.part) == (number, part)]
    own = [row for row in rows if row.state == state]
    return (*own, *(row for row in rows if row.state is None))


@cache
def parts_of(number: str, state: str) -> tuple[str, ...]:
    """The parts of a deadline that apply in a state; the deadline itself is the part without a name."""
    rows = (row for row in countings() if row.deadline == number and row.state in (None, state))
    return tuple(dict.fromkeys(row.part for row in rows))
