"""What an IEP has to keep to before it is official, beyond what is filled in: the table of checks.

Each function finds where its check is broken: it yields the words that the sentence of the table asks for.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from ieps.rules import leap_connect
from ieps.rules.codes import CodeSet, name_of
from ieps.rules.conditions import (
    ALTERNATE,
    Circumstances,
    Row,
    deviations_below,
    holds,
    is_earlier_cohort,
)
from organizations.rules.calendar import in_words
from rulebook.tables import read_table

CHECKS_CSV = Path(__file__).parent / "iep_checks.csv"
REGULAR, SPECIAL, DISTRICT, INTERPRETS = "REG", "SPE", "ODR", "EVL"
ZERO = re.compile(r"[0,]+")
LEAST = 2  # attempts to reach the parents; objectives of an annual goal
NEW_YEAR, SCHOOL_YEAR_BEGINS = 1, 7  # months: from July to December it is early for extended school year


class Level(StrEnum):
    BLOCKING = "blocking"
    WARNING = "warning"


@dataclass(frozen=True, kw_only=True)
class Check:
    """`{0}` in the sentence stands for what was found. No `kinds` or `categories`: for every one."""

    KEY: ClassVar = ("check",)

    check: str
    level: Level
    section: str
    field: str
    sentence: str
    authority: str
    kinds: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()

    def is_for(self, kind: str, category: str) -> bool:
        return (not self.kinds or kind in self.kinds) and (not self.categories or category in self.categories)


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the checks look at: what is written (`written`), and what is known besides.

    `amended_first`, `amended_last`: the days of the IEP that an amendment is to; `by_agreement`: without a
    meeting. `found`: exceptionalities of the evaluation in force, the primary one first. `evaluation_due`:
    when the evaluation that runs beside an interim IEP is due; `objectives`: how many each area of need has.
    """

    written: Circumstances
    category: str
    today: date
    meeting: date | None = None
    first_day: date | None = None
    last_day: date | None = None
    amended_first: date | None = None
    amended_last: date | None = None
    by_agreement: bool = False
    found: tuple[str, ...] = ()
    eligible: bool = False
    gifted: bool = False
    reevaluation_due: date | None = None
    consented: bool = False
    evaluation_due: date | None = None
    has_current_iep: bool = False
    objectives: tuple[int, ...] = ()
    uploads: frozenset[str] = frozenset()

    def answer(self, key: str) -> str:
        return self.written.answer(key)

    def rows(self, key: str) -> tuple[Row, ...]:
        return self.written.tables.get(key, ())

    @property
    def participants(self) -> tuple[Row, ...]:
        return () if self.by_agreement else self.rows("GSI.participants")


@dataclass(frozen=True)
class Broken:
    check: Check
    sentence: str


Finds = Callable[[Case], Iterator[str]]


@cache
def checks() -> tuple[Check, ...]:
    return read_table(CHECKS_CSV, Check)


def broken(case: Case) -> Iterator[Broken]:
    """Every check that this IEP does not keep to, in the order of the table."""
    for check in checks():
        if check.is_for(case.written.kind, case.category):
            for words in FINDS[check.check](case):
                yield Broken(check, check.sentence.format(words))


def _when(holds_true: Callable[[Case], object]) -> Finds:
    """A check whose sentence needs no more words."""

    def find(case: Case) -> Iterator[str]:
        if holds_true(case):
            yield ""

    return find


def _after(day: date | None, limit: date | None) -> Iterator[str]:
    if day and limit and day > limit:
        yield in_words(limit)


def _same_name(one: str, other: str) -> bool:
    return " ".join(one.casefold().split()) == " ".join(other.casefold().split())


def _excusal_of(case: Case, name: str) -> Row | None:
    rows = case.rows("GSI.excusals")
    return next((row for row in rows if _same_name(row.get("member", ""), name)), None)


def _lacks(role: str) -> Finds:
    """Nobody of this role took part, nor is anybody of it excused."""

    def find(case: Case) -> Iterator[str]:
        own = [row for row in case.participants if row.get("role") == role]
        there = any(row.get("attended") == "Y" for row in own)
        excused = any(_excusal_of(case, row.get("name", "")) for row in own)
        if case.participants and not there and not excused:
            yield ""

    return find


def _without_agreement(case: Case) -> Iterator[str]:
    for row in case.rows("GSI.excusals"):
        if row.get("agreement") == "N":
            yield row.get("member", "")


def _without_input(case: Case) -> Iterator[str]:
    for row in case.rows("GSI.excusals"):
        if row.get("changed") == "Y" and not row.get("input", "").strip():
            yield row.get("member", "")


def _few_objectives(case: Case) -> Iterator[str]:
    if case.answer("PRG.assessment") in ALTERNATE:
        yield from (str(number) for number, many in enumerate(case.objectives, 1) if many < LEAST)


def _judged(case: Case) -> leap_connect.Answer | None:
    deviations = deviations_below(case.written)
    if deviations is None or not holds("leap_connect", case.written):
        return None
    return leap_connect.judge(
        leap_connect.Facts(
            deviations=deviations,
            completed_grade5=case.answer("LEAPC.completed_grade5") == "Y",
            earlier_cohort=is_earlier_cohort(case.written),
            adaptive=bool(case.answer("LEAPC.adaptive")),
            evidence=bool(case.answer("LEAPC.evidence")),
            not_because=case.answer("LEAPC.not_because") == "Y",
        )
    )


def _not_below(case: Case) -> Iterator[str]:
    answer = _judged(case)
    if answer and answer.band is None:
        yield str(answer.least)


def _not_shown(case: Case) -> Iterator[str]:
    answer = _judged(case)
    if answer and answer.band and answer.missing:
        yield ", ".join(answer.missing)


def _only_in_tests(case: Case) -> Iterator[str]:
    in_class = {row.get("accommodation", "").strip().casefold() for row in case.rows("ACC.classroom")}
    for row in case.rows("ACC.test"):
        given = row.get("accommodation", "").strip()
        if given and given.casefold() not in in_class:
            yield given


def _differs(case: Case) -> Iterator[str]:
    written = case.answer("GSI.exceptionality_primary")
    if written and case.found and written != case.found[0]:
        yield case.found[0]


def _other_setting(case: Case) -> Iterator[str]:
    """A share of the day other than the minutes give; separate schools and the like are chosen."""
    written, follows = case.answer("PLC.lre"), case.written.computed_setting
    if follows and written.startswith("RC") and written != follows:
        yield follows


def _without_time(case: Case) -> Iterator[str]:
    for row in case.rows("PRG.services"):
        if any(ZERO.fullmatch(row.get(key, "").strip()) for key in ("minutes", "sessions")):
            code = row.get("service", "")
            yield name_of(CodeSet.SERVICE, code) or code


def _decided_early(case: Case) -> bool:
    early = case.meeting is not None and case.meeting.month >= SCHOOL_YEAR_BEGINS
    return early and case.answer("PRG.decision") in ("Y", "N")


def _a_year_after(day: date) -> date:
    """The same date; after February 29 the day before March 1."""
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return day.replace(year=day.year + 1, day=28)


def _year_after(case: Case) -> Iterator[str]:
    yield from _after(case.last_day, case.meeting and _a_year_after(case.meeting))


def _annual_date_moved(case: Case) -> Iterator[str]:
    if case.amended_last and case.last_day and case.last_day != case.amended_last:
        yield in_words(case.amended_last)


def _before_the_amended(case: Case) -> Iterator[str]:
    if case.first_day and case.amended_first and case.first_day < case.amended_first:
        yield in_words(case.amended_first)


def _overdue(case: Case) -> Iterator[str]:
    yield from _after(case.today, case.reevaluation_due)


FINDS: dict[str, Finds] = {
    "meeting_ahead": _when(lambda case: case.meeting and case.meeting > case.today),
    "begins_before_meeting": _when(
        lambda case: case.first_day and case.meeting and case.first_day < case.meeting
    ),
    "ends_before_it_begins": _when(
        lambda case: case.first_day and case.last_day and case.last_day < case.first_day
    ),
    "longer_than_a_year": _year_after,
    "annual_date_moved": _annual_date_moved,
    "begins_before_the_amended": _before_the_amended,
    "begins_after_its_end": lambda case: _after(case.first_day, case.amended_last),
    "too_few_attempts": _when(
        lambda case: (
            case.participants
            and holds("no_parent_attended", case.written)
            and len(case.rows("GSI.attempts")) < LEAST
        )
    ),
    "no_odr": _when(
        lambda case: (
            case.participants
            and not any(
                row.get("role") == DISTRICT and row.get("attended") == "Y" for row in case.participants
            )
        )
    ),
    "no_special_teacher": _lacks(SPECIAL),
    "no_regular_teacher": _lacks(REGULAR),
    "no_interpreter_of_results": _lacks(INTERPRETS),
    "excused_without_agreement": _without_agreement,
    "excused_without_input": _without_input,
    "rights_not_given": _when(lambda case: case.answer("GSI.rights_given") == "N"),
    "primary_differs": _differs,
    "no_evaluation": _when(lambda case: not case.eligible),
    "no_gifted_evaluation": _when(lambda case: not case.gifted),
    "reevaluation_overdue": _overdue,
    "interim_without_consent": _when(lambda case: not case.consented),
    "interim_beside_iep": _when(lambda case: case.has_current_iep),
    "interim_beside_evaluation": _when(lambda case: case.eligible),
    "interim_outlasts_evaluation": lambda case: _after(case.last_day, case.evaluation_due),
    "too_few_objectives": _few_objectives,
    "not_below_the_threshold": _not_below,
    "threshold_not_shown": _not_shown,
    "leap_connect_not_agreed": _when(
        lambda case: holds("leap_connect", case.written) and case.answer("PLC.agree") == "N"
    ),
    "no_decision_tool": _when(
        lambda case: holds("k2_alternate", case.written) and "K2TOOL" not in case.uploads
    ),
    "test_accommodation_not_in_class": _only_in_tests,
    "service_without_time": _without_time,
    "esy_too_early": _when(_decided_early),
    "setting_differs": _other_setting,
    "first_services_refused": _when(lambda case: case.answer("PLC.first_time") == "N"),
    "interim_notice_not_given": _when(lambda case: case.answer("PLC.interim_notice") == "N"),
}
