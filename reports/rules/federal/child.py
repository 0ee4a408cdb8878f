"""Which child is counted on the count day, in which file and cell, and why one is not (FS002, FS089).

Whoever is in special education on the count date is looked at; every child is either counted or listed with
all reasons why not. Authority: EDFacts FS002 and FS089.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from evaluations.rules.codes import exceptionality
from ieps.rules.environment import KINDERGARTEN
from organizations.rules.places import grades
from reports.rules.federal.tables import MISSING, permitted, race_flags

SCHOOL_AGE, EARLY, EXITS = "FS002", "FS089", "FS009"
FIRST_AGE, LAST_AGE, KINDERGARTEN_AGE = 3, 21, 5
AGE05K, AGE05NOTK = "AGE05K", "AGE05NOTK"
ENVIRONMENT = {SCHOOL_AGE: "EDENVIRIDEASA", EARLY: "EDENVIDEAEC"}
NO_SCHOOLS_SETTING = ("HH", "PPPS")
DD = "DD"


class Reason(StrEnum):
    """Rows of not_counted.csv."""

    TOO_YOUNG = "TOO_YOUNG"
    TOO_OLD = "TOO_OLD"
    NOT_ENROLLED = "NOT_ENROLLED"
    TWO_DISTRICTS = "TWO_DISTRICTS"
    NO_RACE = "NO_RACE"
    NO_SEX = "NO_SEX"
    NOT_ELIGIBLE = "NOT_ELIGIBLE"
    NO_DISABILITY = "NO_DISABILITY"
    NOT_FEDERAL = "NOT_FEDERAL"
    NOT_MAPPED = "NOT_MAPPED"
    DD_AGE = "DD_AGE"
    DD_EXIT = "DD_EXIT"
    NO_IEP = "NO_IEP"
    NO_ENVIRONMENT = "NO_ENVIRONMENT"
    ENVIRONMENT_DOES_NOT_FIT = "ENVIRONMENT_DOES_NOT_FIT"
    NOT_A_SCHOOLS = "NOT_A_SCHOOLS"
    CAME_BACK = "CAME_BACK"
    GOES_ON = "GOES_ON"
    NO_BASIS = "NO_BASIS"
    BASIS_NOT_CHOSEN = "BASIS_NOT_CHOSEN"
    PRIVATE = "PRIVATE"


class Facts(NamedTuple):
    """What the records say of a child on the count day, as known when it is asked.

    `age` in whole years on that day; `exceptionality`: the primary code of the evaluation that counts then;
    `eligible` is None without any; `environment`: the setting of the IEP, `has_iep` whether one had begun;
    `english_learner`: the IEP's answer, Y, N or ""; `school`: a public school that answers for the child.
    """

    age: int
    grade: str
    sex: str
    hispanic: bool | None
    races: str
    exceptionality: str
    eligible: bool | None
    environment: str
    has_iep: bool
    english_learner: str
    enrolled: bool
    elsewhere: bool
    year: int


@dataclass(frozen=True)
class Standing:
    """The cell of a child; `reasons` are empty where it is counted. `file` says where it belongs, or would.

    What could not be told is "" among the cells of a child that is not counted.
    """

    file: str
    age: str
    race: str
    sex: str
    disability: str
    environment: str
    english_learner: str
    reasons: tuple[Reason, ...]
    basis: str = ""

    @property
    def counted(self) -> bool:
        return not self.reasons


@cache
def stands(facts: Facts) -> Standing:
    file = file_for(facts.age, facts.grade)
    disability, why_no_disability = disability_of(facts.exceptionality, facts.eligible, facts.age)
    found = (
        _age(facts.age),
        None if facts.enrolled else Reason.NOT_ENROLLED,
        Reason.TWO_DISTRICTS if facts.elsewhere else None,
        None if race(facts.hispanic, facts.races) else Reason.NO_RACE,
        None if facts.sex in permitted(file, "SEX", facts.year) else Reason.NO_SEX,
        why_no_disability,
        _environment(file, facts),
    )
    return Standing(
        file=file,
        age=age_code(facts.age, file),
        race=race(facts.hispanic, facts.races),
        sex=facts.sex,
        disability=disability,
        environment=facts.environment,
        english_learner=learner(facts.english_learner),
        reasons=tuple(why for why in found if why),
    )


def in_kindergarten_or_above(grade: str) -> bool:
    order = _order()
    return order.get(grade, 0) >= order[KINDERGARTEN]


@cache
def _order() -> dict[str, int]:
    return {row.grade: row.place_in_order for row in grades()}


def file_for(age: int, grade: str) -> str:
    """FS002: 6 and older, or 5 in kindergarten or above; else FS089."""
    school_age = age > KINDERGARTEN_AGE or (age == KINDERGARTEN_AGE and in_kindergarten_or_above(grade))
    return SCHOOL_AGE if school_age else EARLY


def age_code(age: int, file: str) -> str:
    """ "12"; of a child of five the code that says whether it is in kindergarten."""
    if age == KINDERGARTEN_AGE:
        return AGE05K if file == SCHOOL_AGE else AGE05NOTK
    return str(age)


def _age(age: int) -> Reason | None:
    if age < FIRST_AGE:
        return Reason.TOO_YOUNG
    return Reason.TOO_OLD if age > LAST_AGE else None


def race(hispanic: bool | None, races: str) -> str:
    """Hispanic first, then two or more races, then the one; "" where none is known."""
    if hispanic:
        return "HI7"
    known = [race_flags()[flag] for flag in races if flag in race_flags()]
    return "MU7" if len(known) > 1 else next(iter(known), "")


def disability_of(code: str, eligible: bool | None, age: int) -> tuple[str, Reason | None]:
    """The IDEA category of an exceptionality (table of exceptionalities), or why there is none."""
    if eligible is False:
        return "", Reason.NOT_ELIGIBLE
    if not code:
        return "", Reason.NO_DISABILITY
    row = exceptionality(code)
    if row is None:
        return "", Reason.NOT_MAPPED
    if not (row.in_idea and row.federal_category):
        return "", Reason.NOT_FEDERAL
    misplaced = row.federal_category == DD and not row.is_for(age)
    return row.federal_category, Reason.DD_AGE if misplaced else None


def _environment(file: str, facts: Facts) -> Reason | None:
    if not facts.has_iep:
        return Reason.NO_IEP
    if not facts.environment:
        return Reason.NO_ENVIRONMENT
    known = facts.environment in permitted(file, ENVIRONMENT[file], facts.year)
    return None if known else Reason.ENVIRONMENT_DOES_NOT_FIT


def learner(answer: str) -> str:
    """From the IEP's own answer about limited English proficiency; no other record holds it."""
    return {"Y": "LEP", "N": "NLEP"}.get(answer[:1].upper(), MISSING)


def is_a_schools(environment: str, public_school: bool) -> bool:
    """FS002: the file of the schools leaves out homebound and parentally placed children."""
    return public_school and environment not in NO_SCHOOLS_SETTING
