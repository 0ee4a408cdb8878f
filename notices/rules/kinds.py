"""The kinds of notices to parents, what each must say, and what is missing in one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import ClassVar

from rulebook.tables import BadTable, in_force, read_table

NOTICES_CSV = Path(__file__).parent / "notices.csv"
ELEMENTS_CSV = Path(__file__).parent / "elements.csv"
SEPARATOR = "; "


class Kind(StrEnum):
    PRIOR_WRITTEN = "PWN"
    MEETING = "MEETING"
    CHANGE = "CHANGE"
    SAFEGUARDS = "SAFEGUARDS"
    NO_ASSESSMENT = "NOASSESS"
    SERVICES = "SERVICES"
    PROGRESS = "PROGRESS"


class Answer(StrEnum):
    TEXT = "text"
    ONE = "one of"
    SEVERAL = "some of"


@dataclass(frozen=True, kw_only=True)
class NoticeRow:
    """`event` names the day that the notice is about, where there is one; `deadline` counts back from it.

    `states`: the profiles that know this notice; none, all of them. `from_record`: what it is made from,
    where nobody writes it by hand.
    """

    KEY: ClassVar = ("kind", "first_day")

    kind: Kind
    name: str
    purpose: str
    from_record: str = ""
    event: str = ""
    deadline: str = ""
    states: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    authority: str
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Element:
    """One thing that a notice says; `question` is what its writer is asked.

    `begins_with`: the text that stands there before anything is written.
    """

    KEY: ClassVar = ("kind", "element")

    kind: Kind
    element: str
    label: str
    question: str
    answer: Answer
    choices: tuple[str, ...] = ()
    required: bool
    begins_with: str = ""
    authority: str

    def __post_init__(self) -> None:
        if (self.answer is Answer.TEXT) == bool(self.choices):
            raise BadTable(
                f"elements.csv, {self.kind} {self.element}: choices are for “one of” and “some of”"
            )


@cache
def notices() -> tuple[NoticeRow, ...]:
    return read_table(NOTICES_CSV, NoticeRow)


@cache
def notice_row(kind: str) -> NoticeRow | None:
    return next((row for row in notices() if row.kind == kind), None)


def offered(state: str, on: date) -> tuple[NoticeRow, ...]:
    """The notices that are written by hand in a state (its profile) on a day."""
    return tuple(
        row
        for row in in_force(notices(), on)
        if not row.from_record and (not row.states or state in row.states)
    )


@cache
def elements_of(kind: str) -> tuple[Element, ...]:
    return tuple(row for row in read_table(ELEMENTS_CSV, Element) if row.kind == kind)


def said(elements: Mapping[str, str], element: Element) -> str:
    return elements.get(element.element, "").strip()


def missing(kind: str, elements: Mapping[str, str]) -> tuple[Element, ...]:
    """What a notice of this kind must say and does not."""
    return tuple(each for each in elements_of(kind) if each.required and not said(elements, each))


def not_on_offer(kind: str, elements: Mapping[str, str]) -> str | None:
    """A sentence when something is said that this kind does not know, or a choice that is not offered."""
    known = {each.element: each for each in elements_of(kind)}
    for name, text in elements.items():
        if name not in known:
            return f"This notice has no element “{name}”."
        chosen = text.split(SEPARATOR) if known[name].choices and text else []
        if strange := [choice for choice in chosen if choice not in known[name].choices]:
            return f"{known[name].label}: “{strange[0]}” is not on offer."
        if known[name].answer is Answer.ONE and len(chosen) > 1:
            return f"{known[name].label}: choose one."
    return None


def why_not_issue(kind: str, elements: Mapping[str, str], event_on: date | None) -> str | None:
    """What is still missing, all of it in one sentence."""
    row = notice_row(kind)
    names = [each.label for each in missing(kind, elements)]
    if row and row.event and event_on is None:
        names.append(row.event)
    return f"Still missing: {'; '.join(names)}." if names else None
