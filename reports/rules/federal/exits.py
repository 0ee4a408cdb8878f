"""Which child left special education in the period, with which age and basis, and why one did not (FS009).

One line a child: the latest exit of the period. Authority: EDFacts FS009.
"""

from datetime import date
from functools import cache
from typing import NamedTuple

from enrollment.rules.codes import sped_exit
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
    """`age` as `exit_age` says; `goes_on`: in special education in another district from then on."""

    age: int
    sex: str
    hispanic: bool | None
    races: str
    exceptionality: str
    environment: str
    english_learner: str
    reason: str
    day: date
    came_back: bool
    goes_on: bool
    profile: Profile
    year: int


def exit_age(birth_date: date, left: date, count_date: date) -> int:
    """On this year's count date for who left on or after it, on last year's for who left before."""
    last_year = count_date.replace(year=count_date.year - 1)
    return age_on(count_date if left >= count_date else last_year, birth_date)


def basis(profile: Profile, reason: str, on: date) -> tuple[str, Reason | None]:
    """The federal category of a reason (enrollment/rules/sped_exits.csv), or why there is none."""
    row = sped_exit(profile, reason, on) if reason else None
    if row is None:
        return "", Reason.NO_BASIS
    if len(row.federal_categories) != 1:
        return "", Reason.BASIS_NOT_CHOSEN
    return row.federal_categories[0], None


@cache
def stands_as_exit(facts: ExitFacts) -> Standing:
    # Whether they were eligible until then does not matter for who has left.
    disability, why_no_disability = disability_of(facts.exceptionality, None, FIRST_EXIT_AGE)
    if disability == DD:
        disability, why_no_disability = "", Reason.DD_EXIT
    category, why_no_basis = basis(facts.profile, facts.reason, facts.day)
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
