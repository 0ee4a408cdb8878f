"""When an evaluation, a review and a reevaluation are due, and how that is told in a line."""

from datetime import date

from evaluations.rules.clock import Due, Extension, due
from evaluations.rules.codes import evaluation_type
from evaluations.rules.countings import counting_on
from organizations.rules.calendar import in_words
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


def evaluation_in_words(evaluation: Due) -> str:
    consent = f"onsent {in_words(evaluation.start)}"
    if evaluation.day != evaluation.counted_to:
        return f"Extended, c{consent}"
    return f"C{consent} + {evaluation.counting.length_in_words}"


def review_due(meeting: date) -> date:
    """The same date next year (D08)."""
    return _anniversary(REVIEW, meeting)


def reevaluation_due(determined: date) -> date:
    """At least once every three years (D09)."""
    return _anniversary(REEVALUATION, determined)


def _anniversary(number: str, start: date) -> date:
    day = _due(number, "", start).day
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
