"""Whose record it is to send, where districts have connections of their own beside each other."""

from datetime import date

from edfi.rules.facts import ConnectionSettings, Facts


def concerns(
    settings: ConnectionSettings, facts: Facts, district_id: int | None, first: date | None, last: date | None
) -> bool:
    """What is the district's own, or of a child at its schools in these days. EDFI-A13.

    The enrollments are those that the connection sees: of its district. A whole state's sends everything.
    """
    if settings.district_id in (None, district_id):
        return True
    if first is None:
        return False
    until = last or date.max
    return any(row.first_day <= until and (row.last_day or date.max) >= first for row in facts.enrollments)
