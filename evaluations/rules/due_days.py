"""When an evaluation and a reevaluation are due, where a verb or a report asks before it is stored."""

from datetime import date

from evaluations.rules.clock import Due, Extension, due
from evaluations.rules.codes import evaluation_type
from evaluations.rules.countings import counting_on
from organizations.rules.days import PlaceCalendar

EVALUATION, REVIEW, REEVALUATION = "D02", "D08", "D09"


def evaluation_due(
    profile: str,
    consent: date,
    calendar: PlaceCalendar | None,
    extended_to: date | None = None,
    kind: str = "",
) -> Due:
    """From consent to evaluation: D02, or D11 for a reevaluation (`kind` of rules/evaluation_types.csv).

    No day where the place's days count and its calendar is not known, or where the state states none.
    """
    extensions = (Extension(extended_to, "as recorded"),) if extended_to else ()
    row = evaluation_type(kind)
    return _due((row and row.due_by) or EVALUATION, profile, consent, calendar, extensions)


def reevaluation_due(determined: date) -> date:
    """At least once every three years (D09)."""
    day = _due(REEVALUATION, "", determined).day
    assert day is not None
    return day


def _due(
    number: str,
    profile: str,
    start: date,
    calendar: PlaceCalendar | None = None,
    extensions: tuple[Extension, ...] = (),
) -> Due:
    counting = counting_on(number, profile, start)
    assert counting is not None
    return due(counting, start, calendar, extensions=extensions)
