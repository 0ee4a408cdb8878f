"""What an exit does, said before it is saved: a case of `exit_effects.csv` for each topic."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from enrollment.rules.codes import (
    BecomesDefault,
    Cohort,
    Documentation,
    Dropout,
    EnrollmentRoster,
    Evidence,
    ExitCode,
    SpecialEducationRoster,
)
from enrollment.rules.documentation import becomes_default, days_overdue, documentation_due
from enrollment.rules.facts import ATTENDING, DocumentationState, ExitFacts, PartC
from enrollment.rules.seds import SedsState, seds_after_exit
from organizations.rules.calendar import in_words
from organizations.rules.places import grade_level
from organizations.rules.profiles import Profile
from rulebook.tables import read_table

EXIT_EFFECTS_CSV = Path(__file__).parent / "exit_effects.csv"


class Topic(StrEnum):
    ENROLLMENT_ROSTER = "enrollment_roster"
    SPECIAL_EDUCATION_ROSTER = "special_education_roster"
    GRADUATION_COHORT = "graduation_cohort"
    DROPOUT_COUNT = "dropout_count"
    DOCUMENTATION = "documentation"
    PRIOR_WRITTEN_NOTICE = "prior_written_notice"


class Tone(StrEnum):
    GOOD = "good"
    WARN = "warn"
    BAD = "bad"
    ACT = "act"


@dataclass(frozen=True)
class EffectRow:
    """What is said in one case. Words in braces are filled in: day, due, days, overdue, by."""

    KEY: ClassVar = ("topic", "case")

    topic: Topic
    case: str
    outcome: str
    detail: str
    tone: Tone
    authority: str
    rule: str = ""


@dataclass(frozen=True)
class Effect:
    topic: Topic
    title: str
    outcome: str
    detail: str
    tone: Tone
    rule: str
    authority: str


@cache
def effect_rows() -> tuple[EffectRow, ...]:
    return read_table(EXIT_EFFECTS_CSV, EffectRow)


def effects_of_exit(code: ExitCode, facts: ExitFacts, on: date, today: date) -> tuple[Effect, ...]:
    """One effect for each topic, in the order of Topic. `on` is the exit date, `today` the day of asking."""
    cases = {
        Topic.ENROLLMENT_ROSTER: _enrollment_case(code),
        Topic.SPECIAL_EDUCATION_ROSTER: _special_education_case(code, facts),
        Topic.GRADUATION_COHORT: _cohort_case(code, facts),
        Topic.DROPOUT_COUNT: _dropout_case(code, facts),
        Topic.DOCUMENTATION: _documentation_case(code, facts, on, today),
        Topic.PRIOR_WRITTEN_NOTICE: _notice_case(code, facts),
    }
    words = _words(code, on, today)
    return tuple(_effect(topic, case, _title(topic, code, facts), words) for topic, case in cases.items())


def _effect(topic: Topic, case: str, title: str, words: dict[str, str]) -> Effect:
    row = next(row for row in effect_rows() if (row.topic, row.case) == (topic, case))
    outcome, detail = row.outcome.format_map(words), row.detail.format_map(words)
    return Effect(topic, title, outcome, detail, row.tone, row.rule, row.authority)


def _words(code: ExitCode, on: date, today: date) -> dict[str, str]:
    due = documentation_due(code, on)
    late = days_overdue(code, on, today)
    return {
        "day": in_words(on),
        "due": in_words(due) if due else "",
        "days": str(code.documentation_days or ""),
        "overdue": f"{late} {'day' if late == 1 else 'days'}",
        "by": code.documented_by,
    }


def _title(topic: Topic, code: ExitCode, facts: ExitFacts) -> str:
    state_roster = {Profile.DC: (" (SLED)", " (SEDS)")}.get(code.profile, ("", ""))
    return {
        Topic.ENROLLMENT_ROSTER: f"State enrollment roster{state_roster[0]}",
        Topic.SPECIAL_EDUCATION_ROSTER: f"Special education roster{state_roster[1]}",
        Topic.GRADUATION_COHORT: f"Graduation cohort {facts.cohort_year or ''}".strip(),
        Topic.DROPOUT_COUNT: "Dropout count",
        Topic.DOCUMENTATION: "Documentation",
        Topic.PRIOR_WRITTEN_NOTICE: "Prior written notice",
    }[topic]


def _enrollment_case(code: ExitCode) -> str:
    """R4.02, R3.06, R4.03."""
    return {
        EnrollmentRoster.LEAVES: "leaves",
        EnrollmentRoster.ADMINISTRATIVE: "administrative",
        EnrollmentRoster.RE_ENTERED: "re_entered",
        EnrollmentRoster.NOT_STATED: "not_stated",
    }[code.leaves_enrollment_roster]


def _special_education_case(code: ExitCode, facts: ExitFacts) -> str:
    """R5.01-R5.08, R3.07, R6.07."""
    if not facts.has_special_education:
        return "not_on_it"
    if code.leaves_special_education_roster == SpecialEducationRoster.NOT_STATED:
        return "not_stated"
    if becomes_default(code, facts):
        return "stays" if code.evidence == Evidence.NONE else "refused"
    if code.leaves_enrollment_roster == EnrollmentRoster.RE_ENTERED:
        return "responsible"
    left = seds_after_exit(code, facts) == SedsState.AUTO_EXITED
    return {
        Evidence.DOCUMENTATION: "documentation_accepted" if left else "evidence_awaited",
        Evidence.BIRTH_DATE: "aged_out" if left else "age_unknown",
        Evidence.PART_C_HISTORY: _PART_C_CASES[facts.part_c_history],
        Evidence.ADMINISTRATIVE_EXIT: "no_show",
        Evidence.NONE: "stays",
    }[code.evidence]


_PART_C_CASES = {PartC.NO: "never_part_c", PartC.YES: "was_part_c", PartC.UNKNOWN: "part_c_unknown"}


def _cohort_case(code: ExitCode, facts: ExitFacts) -> str:
    """R7.01-R7.05."""
    if code.leaves_cohort == Cohort.NOT_STATED:
        return "not_stated"
    if not in_cohort(facts):
        return "not_in_one"
    if code.leaves_cohort == Cohort.STAYS:
        return "stays"
    if becomes_default(code, facts):
        return "refused"
    return "approved" if facts.documentation == DocumentationState.ACCEPTED else "awaits_approval"


def in_cohort(facts: ExitFacts) -> bool:
    """R7.01-R7.03: attended in grades 9 to 12, or in a degree-granting adult program."""
    in_high_school = (grade_level(facts.grade) or 0) >= 9
    return facts.stage == ATTENDING and (in_high_school or facts.adult_program)


def _dropout_case(code: ExitCode, facts: ExitFacts) -> str:
    """R8.01-R8.03, R9.06."""
    in_grades = (grade_level(facts.grade) or 0) >= 7
    if code.counts_as_dropout == Dropout.NOT_STATED:
        return "not_stated"
    if code.counts_as_dropout == Dropout.GRADES_7_TO_12:
        return "counts" if in_grades else "too_young"
    if becomes_default(code, facts) and in_grades:
        return "refused"
    return "unless_unverified" if code.defaults_to_1984 == BecomesDefault.YES and in_grades else "never"


def _documentation_case(code: ExitCode, facts: ExitFacts, on: date, today: date) -> str:
    """R9.01-R9.05, R9.07."""
    if code.documentation != Documentation.SUBMIT:
        return {
            Documentation.VERIFY: "verified_by_others",
            Documentation.RETAIN: "retained",
            Documentation.NOT_STATED: "not_stated",
        }[code.documentation]
    if facts.documentation != DocumentationState.NONE:
        return facts.documentation.value
    if not documentation_due(code, on):
        return "not_asked_yet"
    return "overdue" if days_overdue(code, on, today) else "due"


def _notice_case(code: ExitCode, facts: ExitFacts) -> str:
    """R5.07-R5.09."""
    if not facts.has_special_education:
        return "no_record"
    if code.leaves_special_education_roster == SpecialEducationRoster.NOT_STATED:
        return "not_stated"
    state = seds_after_exit(code, facts)
    if state == SedsState.ACTIVE:
        return "no_exit"
    if state in (SedsState.EXIT_CODED, SedsState.AUTO_EXITED):
        return "by_evidence" if code.evidence == Evidence.DOCUMENTATION else "by_itself"
    if facts.notice_issued:
        return "issued" if facts.contact_efforts_recorded else "issued_without_efforts"
    return "needed" if facts.contact_efforts_recorded else "efforts_first"
