"""How a due day was counted, in a line."""

from datetime import date

from caseload.rules.counted import BY_THE_EXIT_CODE
from caseload.rules.sources import source_of
from evaluations.rules.countings import Direction, Unit, counting_on
from organizations.rules.calendar import in_words

LENGTHS = (Unit.CALENDAR_DAYS, Unit.BUSINESS_DAYS, Unit.SCHOOL_DAYS, Unit.MONTHS, Unit.YEARS)


def counted_in_words(
    number: str, profile: str, start: date, extended: bool = False, rule: str = "", part: str = ""
) -> str:
    """Such as “Consent Sep 1, 2026 + 60 business days”."""
    source = source_of(number, part)
    begins = f"{source.begins if source else number} {in_words(start)}"
    if extended:
        return f"Extended, {begins[:1].lower()}{begins[1:]}"
    counting = None if rule == BY_THE_EXIT_CODE else counting_on(number, profile, start, part)
    if counting and counting.direction is Direction.BEFORE:
        return f"{begins}, {counting.length_in_words or 'the day'} before"
    if counting is None or not counting.count or counting.unit not in LENGTHS:
        return begins
    return f"{begins} + {counting.length_in_words}"
