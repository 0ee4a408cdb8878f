"""The checklist of indicator 13: does the IEP of a youth have every part that transition asks for?

Authority: 34 CFR 300.320(b), 300.321(b); State Performance Plan, indicator 13 (indicator_13.csv).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from organizations.rules.calendar import add_months, in_words
from rulebook.tables import read_table

CHECKLIST_CSV = Path(__file__).parent / "indicator_13.csv"
GOALS = ("pg_education", "pg_employment", "pg_living")
NEEDED_GOALS = GOALS[:2]

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Item:
    """`field`: where its evidence stands in the section; `asks`: what only the team can answer."""

    KEY: ClassVar = ("item",)

    item: str
    number: int
    question: str
    field: str
    asks: str = ""
    may_not_apply: bool
    authority: str
    note: str = ""


class Answer(StrEnum):
    YES = "yes"
    NO = "no"
    NOT_APPLICABLE = "not applicable"
    OPEN = "the team answers"


@dataclass(frozen=True)
class Finding:
    """`evidence`: what was found in the IEP, or what is missing. `asked`: the team may answer this one."""

    item: Item
    answer: Answer
    evidence: str
    asked: bool = False


@dataclass(frozen=True, kw_only=True)
class Transition:
    """What the section says: `texts` by key, `tables` by table; days as read, by the line's number.

    `goals`: the numbers of the annual goals; `earlier`: the texts of the IEP before; `answers` of the team,
    by item: yes, no or not applicable. `met`: the day of the meeting, `today` the day of the question.
    """

    texts: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    goals: frozenset[str] = frozenset()
    earlier: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    met: date | None = None
    today: date

    def text(self, key: str) -> str:
        return self.texts.get(key, "").strip()

    def rows(self, table: str, *columns: str) -> list[Row]:
        """The lines in which all of these columns are filled."""
        every = self.tables.get(table, ())
        return [row for row in every if all(row.get(column, "").strip() for column in columns)]


@cache
def items() -> tuple[Item, ...]:
    return read_table(CHECKLIST_CSV, Item)


def checklist(iep: Transition) -> tuple[Finding, ...]:
    """Every item with its answer, in the order of the table."""
    return tuple(COMPUTED[item.item](item, iep) for item in items())


def is_complete(findings: Iterable[Finding]) -> bool:
    """Every part is there; what the team has not answered yet is not there."""
    return all(one.answer in (Answer.YES, Answer.NOT_APPLICABLE) for one in findings)


def _goals(item: Item, iep: Transition) -> Finding:
    missing = [key for key in NEEDED_GOALS if not iep.text(key)]
    if missing:
        names = {"pg_education": "education or training", "pg_employment": "employment"}
        return Finding(item, Answer.NO, f"No goal for {' and '.join(names[key] for key in missing)}.")
    return _asked(item, iep, "Goals for education or training and for employment are written.")


def _updated(item: Item, iep: Transition) -> Finding:
    if not any(iep.text(key) for key in GOALS):
        return Finding(item, Answer.NO, "There are no postsecondary goals.")
    if iep.met is None:
        return Finding(item, Answer.NO, "The day of the meeting is not written.")
    if add_months(iep.met, 12) < iep.today:
        return Finding(item, Answer.NO, f"The meeting was on {in_words(iep.met)}, more than a year ago.")
    if iep.earlier and all(iep.text(key) == iep.earlier.get(key, "").strip() for key in GOALS):
        return _asked(item, iep, "The goals have the words of the earlier IEP.")
    return Finding(item, Answer.YES, f"Written for the meeting of {in_words(iep.met)}.")


def _assessments(item: Item, iep: Transition) -> Finding:
    rows = iep.rows("assessments", "name", "date", "result")
    names = ", ".join(row["name"].strip() for row in rows)
    return _found(item, rows, f"{names}.", "No assessment with its day and result.")


def _services(item: Item, iep: Transition) -> Finding:
    rows = iep.rows("actions", "action", "person")
    said = f"{len(rows)} action step{'s' if len(rows) > 1 else ''} with who takes them."
    return _found(item, rows, said, "No action step with who takes it.")


def _courses(item: Item, iep: Transition) -> Finding:
    return _found(item, iep.text("course_of_study"), "A course of study is written.", "None is written.")


def _annual_goals(item: Item, iep: Transition) -> Finding:
    rows = [row for row in iep.rows("annual_goal_links", "goal") if row["goal"].strip() in iep.goals]
    said = f"{len(rows)} annual goal{'s' if len(rows) > 1 else ''} of this IEP."
    return _found(item, rows, said, "No annual goal is named.")


def _invited(item: Item, iep: Transition) -> Finding:
    return _found(item, iep.text("invited"), "The invitation is written.", "No invitation is written.")


def _agencies(item: Item, iep: Transition) -> Finding:
    rows = iep.rows("agencies", "agency")
    if not rows:
        return _asked(item, iep, "No agency is listed.")
    without = [row["agency"].strip() for row in rows if not row.get("consent", "").strip()]
    said = f"{', '.join(row['agency'].strip() for row in rows)}: with consent."
    return _found(item, not without, said, f"No prior consent to invite {', '.join(without)}.")


def _asked(item: Item, iep: Transition, evidence: str) -> Finding:
    return Finding(item, iep.answers.get(item.item, Answer.OPEN), evidence, asked=True)


def _found(item: Item, there: object, said: str, missing: str) -> Finding:
    return Finding(item, Answer.YES, said) if there else Finding(item, Answer.NO, missing)


COMPUTED = {
    "goals": _goals,
    "updated": _updated,
    "assessments": _assessments,
    "services": _services,
    "courses": _courses,
    "annual_goals": _annual_goals,
    "invited": _invited,
    "agencies": _agencies,
}
