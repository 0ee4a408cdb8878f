"""What is known of a child's early intervention (Part C), and what cannot be."""

from dataclasses import dataclass
from datetime import date

from organizations.rules.calendar import birthday, in_words

AGE = 3


@dataclass(frozen=True, kw_only=True)
class EarlyIntervention:
    """`since`: referred to it; `continued_on`: the parents chose to go on after the third birthday."""

    served: bool
    since: date | None = None
    continued_on: date | None = None


def why_not(known: EarlyIntervention, born: date, today: date) -> tuple[str, str] | None:
    """The sentence and its field. Authority: 34 CFR 303.209, 303.211."""
    third = birthday(born, AGE)
    if not known.served and (known.since or known.continued_on):
        return "A child that was never served has no days of it. Leave both days empty.", "since"
    for field, day in (("since", known.since), ("continued_on", known.continued_on)):
        if day and day > today:
            return f"{in_words(day)} has not come yet.", field
        if day and day < born:
            return f"The child was born on {in_words(born)}.", field
    if known.since and known.since >= third:
        return f"Early intervention begins before the third birthday, {in_words(third)}.", "since"
    if known.since and known.continued_on and known.continued_on < known.since:
        return f"It began on {in_words(known.since)}: the parents chose later to go on.", "continued_on"
    return None
