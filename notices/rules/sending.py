"""By which day a notice is sent, and by which a request for records is answered."""

from datetime import date

from evaluations.rules.clock import Due, due
from evaluations.rules.countings import Basis, Counting, counting_on
from notices.rules.kinds import NoticeRow
from organizations.rules.calendar import in_words
from organizations.rules.days import PlaceCalendar

RECORDS, BEFORE_MEETING = "D24", "before a meeting"


def send_by(
    row: NoticeRow, profile: str, event_on: date | None, calendar: PlaceCalendar | None = None
) -> Due | None:
    """The last day to send the notice, counted back from the day that it is about (D07, D20, D21)."""
    if event_on is None or not row.event:
        return None
    counting = counting_on(row.deadline, profile, event_on)
    return due(counting, event_on, calendar) if counting else None


def send_by_in_words(found: Due | None) -> str:
    """Such as “by Oct 2, 2026: 10 calendar days before Oct 12, 2026”; "" where no day is stated."""
    if found is None or found.day is None:
        return ""
    length = _length(found.counting)
    return f"by {in_words(found.day)}: {length} before {in_words(found.start)}"


def records_due(profile: str, asked_on: date, meeting_on: date | None = None) -> Due:
    """45 days, and before any meeting or hearing (34 CFR 99.10(b), 300.613(a))."""
    days = [due(_records(profile, asked_on, ""), asked_on)]
    if meeting_on:
        days.append(due(_records(profile, asked_on, BEFORE_MEETING), meeting_on))
    return min(days, key=lambda one: one.day or date.max)


def _records(profile: str, day: date, part: str) -> Counting:
    counting = counting_on(RECORDS, profile, day, part)
    assert counting is not None
    return counting


def _length(counting: Counting) -> str:
    return "the day" if counting.basis is Basis.DAY_BEFORE else counting.length_in_words
