"""Annual goals of made-up IEPs, and what was measured toward them."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ieps.models import Iep, Line, Measurement, SectionText
from security.models import User

READING = {
    "area": "Reading",
    "plaafp": "Reads texts of the grade slowly and with many stops; understands what is read aloud.",
    "goal": "Reads a text of the grade aloud at 90 correct words a minute.",
    "baseline": "48 correct words a minute",
    "criterion": "90 words a minute on three texts in a row",
    "method": "One-minute reading of an unknown text",
    "responsible": "Special education teacher",
}
WRITING = {
    "area": "Written expression",
    "plaafp": "Writes single sentences; tells much more than is written down.",
    "goal": "Writes a paragraph of five sentences with a beginning and an end.",
    "baseline": "2 of 5 sentences",
    "criterion": "5 of 5 sentences in four of five texts",
    "method": "Monthly writing sample",
    "responsible": "Special education teacher and class teacher",
}
EVERY = timedelta(days=21)


def write(chance: Random, ieps: list[Iep], author: User, today: date) -> None:
    """Two goals in each, and reading measured every three weeks since the meeting."""
    lines = Line.objects.bulk_create(
        Line(iep=iep, section="INS", place=place, added_by=author) for iep in ieps for place in (1, 2)
    )
    SectionText.objects.bulk_create(
        SectionText(
            iep_id=line.iep_id,
            section="INS",
            line=line,
            field=f"{line.pk}.{field}",
            text=text,
            saved_by=author,
        )
        for line in lines
        for field, text in (READING if line.place == 1 else WRITING).items()
    )
    reading = {line.iep_id: line for line in lines if line.place == 1}
    Measurement.objects.bulk_create(
        row for iep in ieps for row in _read(chance, iep, reading[iep.pk], author, today)
    )


def _read(chance: Random, iep: Iep, goal: Line, author: User, today: date) -> Iterator[Measurement]:
    begun, words = iep.meeting_date or today, 48
    day = begun + EVERY
    while day <= today and words < 90:
        words += chance.randrange(-2, 8)
        yield Measurement(
            student_id=iep.student_id, district_id=iep.district_id, goal=goal, on=day, value=Decimal(words),
            unit="words a minute", method="One-minute reading", by=author,
        )  # fmt: skip
        day += EVERY
