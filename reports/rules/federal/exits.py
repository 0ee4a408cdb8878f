"""Which child left special education in the period, with which age and basis, and why one did not (FS009).

One line a child: the latest exit of the period. Authority: EDFacts FS009.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from typing import NamedTuple

from enrollment.rules.codes import sped_exit
from enrollment.rules.exit_bases import exit_basis
from organizations.rules.calendar import age_on
from organizations.rules.profiles import Profile
from reports.rules.federal.child import (
    DD,
    EXITS,
    LAST_AGE,
    Reason,
    Standing,
    disability_of,
    learner,
    race,
)
from reports.rules.federal.tables import permitted

FIRST_EXIT_AGE = 14
PRIVATE = "PPPS"


class ExitFacts(NamedTuple):
    """`age` as `exit_age` says; `reason` and `left_with` as `basis` says.

    `goes_on`: in special education in another district from then on.
    """

    age: int
    sex: str
    hispanic: bool | None
    races: str
    exceptionality: str
    environment: str
    english_learner: str
    reason: str
    left_with: str
    day: date
    came_back: bool
    goes_on: bool
    profile: Profile
    year: int


def exit_age(birth_date: date, left: date, count_date: date) -> int:
    """On this year's count date for who left on or after it, on last year's for who left before."""
    last_year = count_date.replace(year=count_date.year - 1)
    return age_on(count_date if left >= count_date else last_year, birth_date)


def basis(profile: Profile, reason: str, left_with: str, on: date) -> tuple[str, Reason | None]:
    """The federal category of an exit, or why there is none.

    The reason that was recorded says it (enrollment/rules/sped_exits.csv); where none was, `left_with`, the
    code of the exit from school (enrollment/rules/exit_bases.csv), if it alone decides it.
    """
    if not reason:
        row = exit_basis(profile, left_with)
        return _only(row.federal_categories if row else (), Reason.NO_BASIS)
    told = sped_exit(profile, reason, on)
    return _only(told.federal_categories, Reason.BASIS_NOT_CHOSEN) if told else ("", Reason.NO_BASIS)


def _only(categories: Sequence[str], why_not: Reason) -> tuple[str, Reason | None]:
    return (categories[0], None) if len(categories) == 1 else ("", why_not)


@cache
def stands_as_exit(facts: ExitFacts) -> Standing:
    # Whether they were eligible until then does not matter for who has left.
    disability, why_no_disability = disability_of(facts.exceptionality, None, FIRST_EXIT_AGE)
    if disability == DD:
        disability, why_no_disability = "", Reason.DD_EXIT
    category, why_no_basis = basis(facts.profile, facts.reason, facts.left_with, facts.day)
    goes_on = facts.goes_on or facts.came_back
    found = (
        _age(facts.age),
        Reason.CAME_BACK if facts.came_back else None,
        Reason.GOES_ON if facts.goes_on else None,
        Reason.PRIVATE if facts.environment == PRIVATE else None,
        None if race(facts.hispanic, facts.races) else Reason.NO_RACE,
        None if facts.sex in permitted(EXITS, "SEX", facts.year) else Reason.NO_SEX,
        why_no_disability,
        None if goes_on else why_no_basis,
    )
    return Standing(
        file=EXITS,
        age=str(facts.age),
        race=race(facts.hispanic, facts.races),
        sex=facts.sex,
        disability=disability,
        environment="",
        english_learner=learner(facts.english_learner),
        reasons=tuple(why for why in found if why),
        basis=category,
    )


def _age(age: int) -> Reason | None:
    if age < FIRST_EXIT_AGE:
        return Reason.TOO_YOUNG
    return Reason.TOO_OLD if age > LAST_AGE else None
