"""A child's years at a glance: enrollments, evaluations and IEPs as spans side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from caseload.due import IN_FORCE
from caseload.models import Deadline
from caseload.record import StudentRecord
from evaluations.rules.due_days import REEVALUATION, REVIEW
from ieps.models import IepStatus
from ui.charts import Lane, Span
from ui.dates import MONTH_NAMES, in_words

SHOWN = timedelta(days=4 * 365)
AHEAD = timedelta(days=200)


@dataclass(frozen=True)
class Glance:
    lanes: Sequence[Lane]
    first: date
    last: date
    text: str
    table: Sequence[tuple[str, str, str, str]]


def glance_of(record: StudentRecord) -> Glance | None:
    """The last four years and a little ahead; None when there is nothing to draw."""
    lanes = [lane for lane in (_enrollment(record), _evaluation(record), _iep(record)) if lane.spans]
    if not lanes:
        return None
    begins = min(span.first for lane in lanes for span in lane.spans)
    first, last = max(begins, record.today - SHOWN), record.today + AHEAD
    return Glance(lanes, first, last, _text(lanes, first, last), _table(lanes))


def _enrollment(record: StudentRecord) -> Lane:
    rows = [row for row in record.enrollments if not row.no_show]
    return Lane("Enrollment", [
        Span(row.first_day, row.last_day, str(row.site), "soft" if row.last_day else "accent")
        for row in reversed(rows)
    ])  # fmt: skip


def _evaluation(record: StudentRecord) -> Lane:
    """From each evaluation that found the child eligible to the day of the next one."""
    rows = sorted(_of(record, REEVALUATION), key=lambda row: row.starts_on)
    return Lane("Evaluation", [
        Span(row.starts_on, row.due_on, f"Valid to {in_words(row.due_on)}", "quiet") for row in rows
    ])  # fmt: skip


def _iep(record: StudentRecord) -> Lane:
    drawn = {*IN_FORCE, IepStatus.SUPERSEDED}
    rows = [row for row in record.ieps if row.status in drawn and row.meeting_date]
    current, reviews = record.current_iep, {row.record_id: row.due_on for row in _of(record, REVIEW)}
    return Lane("IEP", [
        Span(
            row.first_day or row.meeting_date, row.last_day or reviews.get(row.pk),
            "Current IEP" if row is current else f"{row.meeting_date:%Y}",
            "accent" if row is current else "soft",
        )
        for row in reversed(rows)
    ])  # fmt: skip


def _of(record: StudentRecord, number: str) -> list[Deadline]:
    return [row for row in record.deadlines if row.number == number and row.due_on]


def _text(lanes: Sequence[Lane], first: date, last: date) -> str:
    """What a listener hears instead of the picture."""
    spoken = ". ".join(
        f"{lane.name}: " + ", ".join(f"{span.label} {_span_words(span)}" for span in lane.spans)
        for lane in lanes
    )
    return f"Spans from {_month(first)} to {_month(last)}. {spoken}."


def _table(lanes: Sequence[Lane]) -> list[tuple[str, str, str, str]]:
    return [
        (lane.name, span.label, in_words(span.first), in_words(span.last) if span.last else "")
        for lane in lanes for span in lane.spans
    ]  # fmt: skip


def _span_words(span: Span) -> str:
    return f"from {in_words(span.first)}" + (f" to {in_words(span.last)}" if span.last else "")


def _month(day: date) -> str:
    return f"{MONTH_NAMES[day.month - 1]} {day.year}"
