"""What there is to do for one child."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from edfi.rules.plan import Step
from edfi.rules.records import Desired, Source


@dataclass(frozen=True)
class Work:
    """What should be there, the steps that lead to it, and the day on which that may change."""

    student_id: int
    district_of: Mapping[Source, int | None]
    desired: Desired
    steps: tuple[Step, ...]
    changes_on: date | None
