"""When the answer about a child changes by itself, because a day comes.

Determinations, enrollments, exits, IEPs and school years may lie ahead (EDFI-D1, R47): nothing is edited on
their day, so nothing would mark the child.
"""

from collections.abc import Iterator
from datetime import date

from edfi.rules.facts import ConnectionSettings, Facts
from edfi.rules.program_end import A_DAY


def next_day(facts: Facts, settings: ConnectionSettings, today: date) -> date | None:
    """The first day after today on which `desired_records` may say something else, if there is one."""
    return min((day for day in _days(facts, settings) if day > today), default=None)


def _days(facts: Facts, settings: ConnectionSettings) -> Iterator[date]:
    """Every day with which the rules compare today."""
    yield from (row.determination_date for row in facts.evaluations if row.determination_date)
    for enrollment in facts.enrollments:
        yield enrollment.first_day
        if enrollment.last_day:
            yield enrollment.last_day
    yield from _of_programs(facts, settings)


def _of_programs(facts: Facts, settings: ConnectionSettings) -> Iterator[date]:
    windows = [window for window in settings.years if window.programs]
    if not windows or not facts.ieps:
        return
    yield from (window.start for window in windows)
    yield from (row.last_day for row in facts.activities if row.last_day)
    for iep in facts.ieps:
        if iep.first_day:
            yield iep.first_day
        if iep.replaced_from:
            yield iep.replaced_from - A_DAY
