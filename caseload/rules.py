"""Which day a duty falls due, from the table of deadlines and the state's way of counting days."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from evaluations.rules.deadlines import deadline
from organizations.rules.calendar import add_business_days

EVALUATION = "D02"
COLUMNS = {"LA": "louisiana", "DC": "dc", "WI": "wisconsin"}
SPAN = re.compile(r"(\d+)\s+(business|calendar)\s+days", re.IGNORECASE)


@dataclass(frozen=True)
class Span:
    """So many days of a kind."""

    days: int
    business: bool

    def __str__(self) -> str:
        return f"{self.days} {'business' if self.business else 'calendar'} days"


def evaluation_span(profile: str) -> Span:
    """From consent to evaluation (D02): Louisiana counts business days, federal law calendar days."""
    row = deadline(EVALUATION)
    assert row is not None
    told = getattr(row, COLUMNS[profile]) if profile in COLUMNS else ""
    if found := SPAN.search(told):
        return Span(int(found[1]), found[2].lower() == "business")
    return Span(int(row.length), business=False)


def evaluation_due(consent: date, span: Span, closed_days: Collection[date] | None) -> date | None:
    """None where business days count and the place's calendar is not known."""
    if not span.business:
        return consent + timedelta(days=span.days)
    return None if closed_days is None else add_business_days(consent, span.days, closed_days)


def review_due(meeting: date) -> date:
    """The same date next year (D08, 34 CFR 300.324(b)(1)); Feb 29 becomes Feb 28, which is on time."""
    leap = (meeting.month, meeting.day) == (2, 29)
    return meeting.replace(year=meeting.year + 1, day=28 if leap else meeting.day)
