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
