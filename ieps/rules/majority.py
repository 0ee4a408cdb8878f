"""Rights at the age of majority: told a year before (D16), transferred on the day (D17).

Authority: 34 CFR 300.320(c), 300.520; LAC 28:XLIII.905.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from evaluations.rules.ages import due_at_age

TOLD_BY, TRANSFERRED = "D16", "D17"


class Signs(StrEnum):
    PARENT = "the parent"
    STUDENT = "the student"


@dataclass(frozen=True)
class Majority:
    """`told_by`: the student was informed by this day; `on`: the rights are the student's from this day."""

    told_by: date | None
    on: date | None

    def signs(self, day: date) -> Signs:
        """Who signs consents on a day, unless a court has decided otherwise."""
        return Signs.STUDENT if self.on and day >= self.on else Signs.PARENT


def majority(profile: str, birth_date: date) -> Majority:
    """`profile` of the state of the child."""
    told, on = (due_at_age(number, profile, birth_date) for number in (TOLD_BY, TRANSFERRED))
    return Majority(told.day if told else None, on.day if on else None)
