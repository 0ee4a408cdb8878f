"""What the text of a field means: a day, a number, a code. What is not understood is told in a sentence."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from evaluations.rules.codes import exceptionalities
from ieps.rules.codes import CODE_TABLES, CodeSet, codes
from ui.dates import DateNotUnderstood, in_words, read_day, with_weekday

YES, NO = "Y", "N"
A_FEW_YEARS = timedelta(days=1_200)
KEY = re.compile(r"[1-9][0-9]{0,17}")
MOST = 10_000_000
LONGEST = 20  # characters of a number; Python reads no endless ones


class NotUnderstood(ValueError):
    """The message says in a sentence what is wrong and what would be right."""


def value_of(kind: str, text: str, today: date) -> date | int | Decimal | str | None:
    """The value that a text of this type of field stands for; None when nothing is written.

    Raises NotUnderstood.
    """
    text = text.strip()
    if not text:
        return None
    if kind == "date":
        return _day(text, today)
    if kind == "int":
        return _whole(text)
    if kind == "decimal":
        return _number(text)
    if kind == "bool" and text not in (YES, NO):
        raise NotUnderstood("Choose yes or no.")
    if kind.startswith("code:") and text not in offered(kind):
        raise NotUnderstood(f"“{text}” is not one of the codes offered.")
    return text


def is_a_key(text: str) -> bool:
    """Whether a text can be the number of a record."""
    return bool(KEY.fullmatch(text))


def read_back(kind: str, text: str, today: date) -> str:
    """What stands beside the control: what was understood, or why it was not; mostly nothing."""
    try:
        value = value_of(kind, text, today)
    except NotUnderstood as reason:
        return str(reason)
    return f"Read as {with_weekday(value)}" if isinstance(value, date) else ""


def with_its_year(text: str, typed_on: date) -> str:
    """The day in words where the text would mean another one later; what has its year stays as typed."""
    meant = _read(text, typed_on)
    return in_words(meant) if meant and meant != _read(text, typed_on + A_FEW_YEARS) else text


def _read(text: str, today: date) -> date | None:
    try:
        return read_day(text, today)
    except DateNotUnderstood:
        return None


def in_print(kind: str, text: str, today: date) -> str:
    """The text as people read it: a code with its meaning, a day in words; as typed where not understood."""
    if kind == "bool":
        return {YES: "Yes", NO: "No"}.get(text.strip(), text)
    if kind.startswith("code:"):
        return meaning(kind, text.strip())
    try:
        value = value_of(kind, text, today)
    except NotUnderstood:
        return text
    return in_words(value) if isinstance(value, date) else text


def offered(kind: str) -> dict[str, str]:
    """The codes that a field of this type takes, with their names, also retired ones."""
    found: dict[str, str] = {}
    for name in kind.removeprefix("code:").split("|"):
        if name == "exceptionality":
            found.update({row.code: row.name for row in exceptionalities()})
        elif name in CODE_TABLES:
            found.update({row.code: row.name for row in codes(CodeSet(name))})
    return found


def meaning(kind: str, code: str) -> str:
    name = offered(kind).get(code, "")
    return f"{code} {name}" if name else code


def _day(text: str, today: date) -> date:
    try:
        return read_day(text, today)
    except DateNotUnderstood as reason:
        raise NotUnderstood(str(reason)) from None


def _whole(text: str) -> int:
    digits = text.replace(",", "")
    if not digits.isdecimal() or len(digits) > LONGEST or int(digits) > MOST:
        raise NotUnderstood("Write a whole number, such as 45.")
    return int(digits)


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise NotUnderstood("Write a number, such as 2.3.") from None
    if not number.is_finite() or not -MOST <= number <= MOST:
        raise NotUnderstood("Write a number, such as 2.3.")
    return number
