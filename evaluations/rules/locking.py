"""What an evaluation must hold before it is locked. A locked evaluation is what the state receives."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from evaluations.rules.codes import DelayReason, evaluation_type, exceptionality, outcome
from organizations.rules.calendar import age_on, in_words

LATE_REASON_LENGTH = 255


@dataclass(frozen=True, kw_only=True)
class EvaluationFacts:
    """An evaluation as values; codes are those of the tables, "" where nothing was chosen.

    `primary` and `others` are exceptionality codes. `other_initial_determinations` are the days on which
    other locked initial evaluations of the same student were determined. `parts_missing` names what is
    not finished yet: components, sections of the report, members of the team.
    """

    type: str
    consent_on: date | None = None
    determined_on: date | None = None
    outcome: str = ""
    primary: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    birth_date: date | None = None
    delay_reason: str = ""
    late_reason: str = ""
    other_initial_determinations: tuple[date, ...] = ()
    met_on: date | None = None
    parts_missing: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """Two things that cannot both be true: the rule that says so, and a sentence for the person."""

    rule: str
    sentence: str


def missing_to_lock(facts: EvaluationFacts) -> list[str]:
    """The names of what is still missing, in the order of the form; empty when nothing is."""
    return [name for name, missing in _missing(facts) if missing]


def contradictions(facts: EvaluationFacts, today: date) -> tuple[Contradiction, ...]:
    """Everything in the evaluation that cannot be true together."""
    checks = (_days(facts, today), _same_day(facts), _exceptionalities(facts), _ages(facts), _delay(facts))
    return tuple(found for check in checks for found in check)


def why_not_lock(facts: EvaluationFacts, today: date) -> str | None:
    """The reason in one text: first what is missing, else what contradicts."""
    if missing := missing_to_lock(facts):
        return f"Still missing: {', '.join(missing)}."
    return " ".join(found.sentence for found in contradictions(facts, today)) or None


def _missing(facts: EvaluationFacts) -> Iterator[tuple[str, bool]]:
    kind = evaluation_type(facts.type)
    yield "evaluation type", kind is None
    yield "consent date", facts.consent_on is None and (kind is None or kind.needs_consent)
    yield "determination date", facts.determined_on is None
    yield "outcome", not facts.outcome
    yield "primary exceptionality", _is_eligible(facts) and not facts.primary
    yield "late reason", facts.delay_reason == DelayReason.OTHER and not facts.late_reason.strip()
    for part in facts.parts_missing:
        yield part, True


def _days(facts: EvaluationFacts, today: date) -> Iterator[Contradiction]:
    """EDFI-R46."""
    if not facts.determined_on:
        return
    if facts.consent_on and facts.determined_on < facts.consent_on:
        consent = in_words(facts.consent_on)
        yield Contradiction("EDFI-R46", f"The determination date is before the consent of {consent}.")
    if facts.met_on and facts.determined_on < facts.met_on:
        met = in_words(facts.met_on)
        yield Contradiction("34 CFR 300.306(a)", f"The determination date is before the team met on {met}.")
    if facts.determined_on > today:
        yield Contradiction("EDFI-R46", "The determination date is in the future.")


def _same_day(facts: EvaluationFacts) -> Iterator[Contradiction]:
    """EDFI-R15."""
    kind = evaluation_type(facts.type)
    if kind and kind.initial and facts.determined_on in facts.other_initial_determinations:
        yield Contradiction(
            "EDFI-R15",
            f"Another initial evaluation of this student was determined on {in_words(facts.determined_on)}.",
        )


def _exceptionalities(facts: EvaluationFacts) -> Iterator[Contradiction]:
    """DQ-033: exactly one primary exceptionality when eligible, none at all when not."""
    eligible = _is_eligible(facts)
    if eligible and len(facts.primary) > 1:
        yield Contradiction("DQ-033", "There is more than one primary exceptionality.")
    if facts.outcome and not eligible and (facts.primary or facts.others):
        yield Contradiction("DQ-033", "Only an eligible student has an exceptionality.")
    if set(facts.primary) & set(facts.others):
        yield Contradiction("DQ-033", "The primary exceptionality is listed again among the others.")


def _ages(facts: EvaluationFacts) -> Iterator[Contradiction]:
    """DQ-035: developmental delay only from age 3 through 8 at the determination."""
    if not facts.birth_date or not facts.determined_on:
        return
    age = age_on(facts.determined_on, facts.birth_date)
    for row in filter(None, map(exceptionality, (*facts.primary, *facts.others))):
        if not row.is_for(age):
            yield Contradiction(
                "DQ-035",
                f"{row.name} is for ages {row.first_age} through {row.last_age}; "
                f"the student was {age} at the determination.",
            )


def _delay(facts: EvaluationFacts) -> Iterator[Contradiction]:
    """EDFI-R48 to R50: a descriptor or a text, never both; the text only with the reason Other."""
    if not facts.late_reason:
        return
    if not facts.delay_reason:
        yield Contradiction("EDFI-R49", "A late reason is given only with the delay reason Other.")
    elif facts.delay_reason != DelayReason.OTHER:
        yield Contradiction("EDFI-R50", "There is a delay reason and a late reason; only one may be given.")
    if len(facts.late_reason) > LATE_REASON_LENGTH:
        yield Contradiction("EDFI-R49", f"The late reason is longer than {LATE_REASON_LENGTH} characters.")


def _is_eligible(facts: EvaluationFacts) -> bool:
    row = outcome(facts.outcome)
    return row is not None and row.eligible
