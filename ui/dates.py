"""Days as people write them: read in any usual form, shown in words.

`read_day` and the writers are plain functions; `DateInWords` is the form field over them.
"""

import re
from datetime import date, datetime, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FIRST_YEAR, LAST_YEAR = 1900, 2100
NOT_UNDERSTOOD = "This was not understood as a date. Write it such as Sep 4, 2026 or 9/4/2026."
HINT = "In any usual form, such as Sep 4, 9/4/2026 or 2026\u201109\u201104"  # hyphens that do not break

_DASHES = re.compile("[\u2010-\u2015\u2212]")
_WEEKDAY = re.compile(r"^(mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,?\s+", re.IGNORECASE)
_SHAPES = tuple(
    re.compile(shape, re.IGNORECASE)
    for shape in (
        r"^(?P<year>\d{4})[-/. ](?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})$",
        r"^(?P<year>(?:19|20|21)\d\d)(?P<month>\d\d)(?P<day>\d\d)$",
        r"^(?P<month>\d\d)(?P<day>\d\d)(?P<year>\d{4})$",
        r"^(?P<month>\d{1,2})[-/. ](?P<day>\d{1,2})(?:[-/. ](?P<year>\d{4}|\d\d))?$",
        r"^(?P<name>[a-z]{3,9})\.?\s*(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:,?\s+(?P<year>\d{4}|\d\d))?$",
        r"^(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<name>[a-z]{3,9})\.?(?:[\s,-]+(?P<year>\d{4}|\d\d))?$",
    )
)


class DateNotUnderstood(ValueError):
    """The text is no date; the message says why, in a sentence for the person who typed it."""


def read_day(text: str, today: date) -> date:
    """The day that the text names. Month comes before day; a missing year is the one nearest to today.

    Raises DateNotUnderstood with a sentence ("September has 30 days.").
    """
    words = " ".join(_DASHES.sub("-", text).split())
    spoken = {"today": 0, "yesterday": -1, "tomorrow": 1}.get(words.lower())
    if spoken is not None:
        return today + timedelta(days=spoken)
    weekday = _WEEKDAY.match(words)
    found = _match(words[weekday.end() :] if weekday else words)
    day = _day_from(found, today)
    if weekday and not WEEKDAYS[day.weekday()].lower().startswith(weekday[1].lower()):
        raise DateNotUnderstood(f"{in_words(day)} is a {WEEKDAYS[day.weekday()]}.")
    return day


def _match(words: str) -> dict[str, str | None]:
    for shape in _SHAPES:
        if found := shape.match(words):
            return found.groupdict()
    raise DateNotUnderstood(NOT_UNDERSTOOD)


def _day_from(found: dict[str, str | None], today: date) -> date:
    month = _month(found)
    day_of_month = int(found["day"] or 0)
    if found.get("year"):
        return _checked(_year(str(found["year"]), today), month, day_of_month)
    if (month, day_of_month) == (2, 29):
        raise DateNotUnderstood("Give the year too: February 29 is not in every year.")
    years = (today.year - 1, today.year, today.year + 1)
    return min((_checked(year, month, day_of_month) for year in years), key=lambda day: abs(day - today))


def _month(found: dict[str, str | None]) -> int:
    if name := found.get("name"):
        known = [n for n, full in enumerate(MONTH_NAMES, start=1) if full.lower().startswith(name.lower())]
        if name.lower() == "sept":
            known = [9]
        if not known:
            raise DateNotUnderstood(f"“{name}” is not a month. Write it such as Sep 4, 2026.")
        return known[0]
    month = int(found["month"] or 0)
    if not 1 <= month <= 12:
        raise DateNotUnderstood(f"There is no month {month}. Write month, day, year, such as 9/4/2026.")
    return month


def _year(text: str, today: date) -> int:
    """Two digits mean the century that lies at most ten years ahead of today."""
    year = int(text)
    if len(text) == 2:
        year += today.year // 100 * 100
        return year if year <= today.year + 10 else year - 100
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise DateNotUnderstood(f"The year {year} cannot be right. Write all four digits, such as 2026.")
    return year


def _checked(year: int, month: int, day: int) -> date:
    last = ((date(year + month // 12, month % 12 + 1, 1)) - timedelta(days=1)).day
    if day == 0:
        raise DateNotUnderstood("Days of a month begin with 1.")
    if day > last:
        when = f"{MONTH_NAMES[month - 1]} {year}" if month == 2 else MONTH_NAMES[month - 1]
        raise DateNotUnderstood(f"{when} has {last} days.")
    return date(year, month, day)


def in_words(day: date) -> str:
    """ "Oct 1, 2026" """
    return f"{MONTHS[day.month - 1]} {day.day}, {day.year}"


def with_weekday(day: date) -> str:
    """ "Friday, Sep 4, 2026" """
    return f"{WEEKDAYS[day.weekday()]}, {in_words(day)}"


def clock(moment: datetime) -> str:
    """ "6:02 pm", in the zone of the moment."""
    return f"{moment.hour % 12 or 12}:{moment.minute:02} {'am' if moment.hour < 12 else 'pm'}"


def short_clock(moment: datetime) -> str:
    """ "6:02": for a time of the hours around now."""
    return clock(moment).split()[0]


def moment_in_words(moment: datetime) -> str:
    """ "Sep 16, 2026, 6:02 pm", in the current time zone when the moment knows its own."""
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    return f"{in_words(local)}, {clock(local)}"


def how_far(day: date, today: date, *, overdue: bool = False) -> str:
    """ "in 5 days", "tomorrow", "today", "yesterday", "4 days ago"; with `overdue`, "4 days overdue"."""
    days = (day - today).days
    near = {0: "today", 1: "tomorrow"} if overdue else {0: "today", 1: "tomorrow", -1: "yesterday"}
    if days in near:
        return near[days]
    if days > 0:
        return f"in {days:,} days"
    past = f"{-days:,} day{'' if days == -1 else 's'}"
    return f"{past} overdue" if overdue else f"{past} ago"


class DateInWords(forms.DateField):
    """A date typed in any usual form and shown back in words.

    `what` completes the message for an empty field: "Enter the last day attended."
    """

    widget = forms.TextInput(attrs={"class": "e-w-date", "autocomplete": "off"})

    def __init__(self, *, what: str = "a date, such as Sep 4, 2026", **options: Any) -> None:
        options.setdefault("help_text", HINT)
        options["error_messages"] = {"required": f"Enter {what}.", **options.get("error_messages", {})}
        super().__init__(**options)

    def to_python(self, value: Any) -> date | None:
        if not isinstance(value, str):
            return super().to_python(value)
        if not value.strip():
            return None
        try:
            return read_day(value, timezone.localdate())
        except DateNotUnderstood as reason:
            raise ValidationError(str(reason), code="invalid") from None

    def prepare_value(self, value: Any) -> Any:
        return in_words(value) if isinstance(value, date) else value

    def read_back(self, typed: Any) -> str:
        """What was understood, for the line below the control; empty when nothing was."""
        try:
            day = self.to_python(typed)
        except ValidationError:
            return ""
        return f"Read as {with_weekday(day)}" if day else ""
