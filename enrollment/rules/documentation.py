"""Exit documentation: when it is due, and what an unverified exit becomes.

Authority: OSSE 2016, slides 6, 19, 26, 36. Days are calendar days from the exit date (A11), so a backdated
exit may be overdue at birth.
"""

from datetime import date, timedelta

from enrollment.rules.codes import DEFAULT_CODE, BecomesDefault, Documentation, ExitCode
from enrollment.rules.facts import DocumentationState, ExitFacts

SUBMISSION_BEGINS = date(2016, 7, 1)


def documentation_due(code: ExitCode, on: date) -> date | None:
    """The last day to hand it in; None when nothing is to be handed in (R9.02, R9.03, R9.07)."""
    if code.documentation != Documentation.SUBMIT or not code.documentation_days or on < SUBMISSION_BEGINS:
        return None
    return on + timedelta(days=code.documentation_days)


def days_overdue(code: ExitCode, on: date, today: date) -> int:
    """Calendar days past the due day; 0 while there is still time."""
    due = documentation_due(code, on)
    return max(0, (today - due).days) if due else 0


def becomes_default(code: ExitCode, facts: ExitFacts) -> bool:
    """R9.05, A9: documentation that the state refused makes the effective code 1984."""
    return code.defaults_to_1984 == BecomesDefault.YES and facts.documentation == DocumentationState.REFUSED


def effective_code(
    code: ExitCode, facts: ExitFacts, on: date, today: date, grace_days: int | None = None
) -> str:
    """The code that counts; the reported one is kept beside it (R9.05).

    `grace_days` is the state's setting for days past the due day; None means that only a refusal counts.
    """
    if becomes_default(code, facts):
        return DEFAULT_CODE
    missing = facts.documentation in (DocumentationState.NONE, DocumentationState.REFUSED)
    too_late = grace_days is not None and days_overdue(code, on, today) > grace_days
    return DEFAULT_CODE if too_late and missing and code.defaults_to_1984 == BecomesDefault.YES else code.code


def is_missing(
    due: date | None, documentation: DocumentationState, today: date, grace_days: int | None
) -> bool:
    """A9: past its due day and the state's days of grace, and nothing waits for a decision.

    `grace_days` None: no day makes it missing, only a refusal counts.
    """
    if due is None or grace_days is None:
        return False
    waits = documentation in (DocumentationState.SUBMITTED, DocumentationState.ACCEPTED)
    return not waits and today > due + timedelta(days=grace_days)


def why_not_decide(code: ExitCode) -> str | None:
    """R7.04, R7.07, R9.03: the state decides only what an LEA has to hand in."""
    if code.documentation == Documentation.SUBMIT:
        return None
    if code.documentation == Documentation.VERIFY:
        return f"{code.code} is verified by {code.documented_by}, not by what the LEA hands in."
    return f"The documentation of {code.code} is kept by the LEA; nothing is to be decided."


def why_not_verify(code: ExitCode) -> str | None:
    """R7.07, R9.04: credentials alone are verified by somebody else than the LEA."""
    if code.documentation == Documentation.VERIFY:
        return None
    return f"{code.code} is no credential: DCPS or PCSB has nothing to verify."
