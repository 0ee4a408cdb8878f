"""What is owed to a child from its registration on. Authority: OSSE 2016, slides 20-24.

Stage 6 is no later state but an obligation that begins with Stage 4 (A6): stages are not ordered.
"""

from datetime import date

from enrollment.rules.facts import REGISTERED


def owes_special_education(stage: int, *, has_special_education: bool, evaluation_pending: bool) -> bool:
    """R2.07: from the Stage 4 day on the LEA provides the IEP, or decides eligibility."""
    return stage == REGISTERED and (has_special_education or evaluation_pending)


def whereabouts_since(
    stage: int,
    *,
    has_special_education: bool,
    registered_on: date,
    first_school_day: date | None,
    today: date,
) -> date | None:
    """R2.08: the day from which a registered child with a disability who has not come is to be looked for.

    None while nothing is owed: before the first official school day is over, or where it is not known.
    """
    if stage != REGISTERED or not has_special_education or first_school_day is None:
        return None
    since = max(registered_on, first_school_day)
    return since if today > since else None
