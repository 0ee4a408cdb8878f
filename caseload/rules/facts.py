"""What is known of a child, as values, of which deadlines are counted.

Named tuples: of a hundred thousand children there are half a million, and each is made in less time.
"""

from datetime import date
from typing import NamedTuple

from caseload.rules.told import NoticeFacts, RequestFacts, ServicesFacts
from organizations.rules.calendar import in_words


class EvaluationFacts(NamedTuple):
    """`outcome`, `kind`, `delay_reason` and `extension_code` are codes of evaluations/rules.

    `copied`: when the parents first got a copy of the report.
    """

    id: int
    kind: str
    district_id: int | None = None
    coordinator_id: int | None = None
    referred: date | None = None
    asked: date | None = None
    consented: date | None = None
    revoked: date | None = None
    extended_to: date | None = None
    extension_code: str = ""
    determined: date | None = None
    disseminated: date | None = None
    outcome: str = ""
    delay_reason: str = ""
    locked: bool = False
    copied: date | None = None


class IepFacts(NamedTuple):
    """An IEP that is or was in force, with its meeting."""

    id: int
    kind: str
    met: date
    district_id: int | None = None
    author_id: int | None = None
    first_day: date | None = None


class ExitFacts(NamedTuple):
    """An exit that asks for documentation, and when that was accepted."""

    id: int
    district_id: int
    site_id: int
    last_day: date | None
    due: date
    accepted: date | None = None


class ChildFacts(NamedTuple):
    """`district_id` and `site_id` answer for the child today; `in_special_education` and its end, if any.

    `went_on_with_part_c`: the day on which the parents chose early intervention beyond the third birthday.
    """

    id: int
    profile: str
    birth_date: date
    had_part_c: bool = False
    district_id: int | None = None
    site_id: int | None = None
    in_special_education: bool = False
    special_education_ended: date | None = None
    evaluations: tuple[EvaluationFacts, ...] = ()
    ieps: tuple[IepFacts, ...] = ()
    exits: tuple[ExitFacts, ...] = ()
    notices: tuple[NoticeFacts, ...] = ()
    requests: tuple[RequestFacts, ...] = ()
    services: ServicesFacts | None = None
    went_on_with_part_c: date | None = None

    @property
    def why_out(self) -> str:
        """Why nothing more is owed: special education has ended; "" while it goes on or never began."""
        if self.in_special_education or self.special_education_ended is None:
            return ""
        return f"Special education ended on {in_words(self.special_education_ended)}"
