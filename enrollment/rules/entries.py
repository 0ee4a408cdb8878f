"""May a student enter with this code on this day? A refusal is a sentence."""

from datetime import date, timedelta

from enrollment.rules.codes import EntryCode, why_not_usable
from enrollment.rules.facts import EntryFacts
from organizations.rules.calendar import in_words


def why_not_enter(code: EntryCode, facts: EntryFacts, on: date) -> str | None:
    """The first reason against it, or None. Authority: OSSE 2016, slides 17, 20-22, 31-33."""
    if reason := why_not_usable(code, on):
        return reason
    checks = (_why_not_register, _why_not_attend, _why_not_follow)
    return next((reason for check in checks if (reason := check(code, facts, on))), None)


def why_not_yet(day: date | None, today: date) -> str | None:
    """R2.02, R2.05: nothing is received, and nobody attends, on a day that has not come."""
    return f"{in_words(day)} has not come yet." if day and day > today else None


def _why_not_register(code: EntryCode, facts: EntryFacts, on: date) -> str | None:
    """R2.02, R2.03: Stage 4 needs both documents and is dated the day the second one came."""
    if not code.documents_first:
        return None
    if not facts.forms_received_on:
        return "The enrollment forms have not been received yet."
    if not facts.agreement_received_on:
        return "The letter of enrollment agreement has not been received yet."
    complete = max(facts.forms_received_on, facts.agreement_received_on)
    if on != complete:
        return f"{code.code} is dated the day the paperwork was complete: {in_words(complete)}."
    return None


def _why_not_attend(code: EntryCode, facts: EntryFacts, on: date) -> str | None:
    """R2.05, R2.06: Stage 5 needs a day attended, and begins on the first one that was a school day."""
    if not code.attendance_first:
        return None
    if not facts.first_attended:
        return "A Stage 5 entry needs a recorded day of attendance at this LEA."
    begins = max(facts.first_attended, facts.first_school_day or facts.first_attended)
    if on < begins == facts.first_school_day:
        return f"A Stage 5 entry cannot be before the first official school day, {in_words(begins)}."
    if on != begins:
        return f"A Stage 5 entry is dated the first day attended: {in_words(begins)}."
    return None


def _why_not_follow(code: EntryCode, facts: EntryFacts, on: date) -> str | None:
    """R6.02, R4.03: 1811 stands only behind 2040, with no day between them."""
    if not code.after_exit:
        return None
    if facts.previous_exit_code != code.after_exit or not facts.previous_exit_on:
        return f"{code.code} needs an exit with {code.after_exit} before it."
    exited = facts.previous_exit_on
    if on not in (exited, exited + timedelta(days=1)):
        return f"{code.code} follows {code.after_exit} without a gap: the exit was on {in_words(exited)}."
    return None
