"""A notice as lines of label and text: what is hashed, shown and printed."""

from collections.abc import Iterable, Iterator
from datetime import date

from evaluations.models.locked_report import Lines
from notices.models import Notice
from notices.rules.kinds import elements_of, notice_row, said
from students.rules.languages import language_name
from ui.dates import in_words


def lines_of(notice: Notice, issued_on: date, record: Iterable[tuple[str, str]] = ()) -> Lines:
    """Only what is said, so that it can be read without the tables of the day.

    `record`: what a notice that nobody writes by hand is made from.
    """
    return [[label, text] for label, text in _told(notice, issued_on, record) if text]


def _told(notice: Notice, issued_on: date, record: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    child, row = notice.student, notice_row(notice.kind)
    yield "Notice", notice.name
    yield "Student", child.full_name
    yield "State ID", child.state_student_id or ""
    yield "District", str(notice.district)
    yield "Issued on", in_words(issued_on)
    if row and row.event and notice.event_on:
        yield row.event, in_words(notice.event_on)
    for element in elements_of(notice.kind):
        text = said(notice.elements, element)
        yield element.label, text[:1].upper() + text[1:] if element.choices else text
    yield from record
    yield "Written in", language_name(notice.language)
    if row:
        yield "Authority", row.authority
