"""What the components are given: small values without behaviour, so that views can build them anywhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

Tone = str  # bad, warn, good, info or quiet

TONE_ICONS: dict[str, str] = {
    "bad": "error",
    "warn": "warning",
    "good": "check_circle",
    "info": "info",
    "quiet": "remove",
}


@dataclass(frozen=True)
class Status:
    """Colour, icon and words. The icon follows the tone unless given."""

    tone: Tone
    text: str
    icon: str = ""


@dataclass(frozen=True)
class Cell:
    """A table cell of more than plain text: a link, a second line, a status, a bar."""

    text: object = ""
    url: str = ""
    sub: str = ""
    status: Status | None = None


@dataclass(frozen=True)
class Fact:
    label: str
    value: object
    sub: str = ""


@dataclass(frozen=True)
class Event:
    """An entry of a student's time line. `url` gives its body when it is first opened."""

    day: date
    title: str
    kind: Literal["enr", "eval", "iep", "notice", "next"] = "notice"
    icon: str = "event"
    sub: str = ""
    status: Status | None = None
    url: str = ""


@dataclass(frozen=True)
class Effect:
    """One consequence of saving: what it touches, what happens, and why."""

    about: str
    what: str
    why: str = ""
    tone: Literal["act", "bad", "warn", "good", "quiet"] = "act"
    icon: str = "info"


@dataclass(frozen=True)
class Check:
    """Something left to do (or done), with a link to where it is done."""

    tone: Tone
    text: str
    sub: str = ""
    url: str = ""


@dataclass(frozen=True)
class Section:
    """A section of a long document, its state, and who is in it. With a `key` there is a place for those who
    come and go: the element `in-KEY`.
    """

    label: str
    url: str
    tone: Tone = "quiet"
    icon: str = ""
    note: str = ""
    people: Sequence[str] = ()
    current: bool = False
    key: str = ""


@dataclass(frozen=True)
class Way:
    """A way on from a refusal: who can help, or what to do first."""

    lead: str
    text: str = ""
    url: str = ""
    link: str = ""
    icon: str = "arrow_forward"


@dataclass(frozen=True)
class Difference:
    """A row of a comparison; `differs` tints it."""

    label: str
    values: Sequence[object]
    technical: str = ""
    differs: bool = False


@dataclass(frozen=True)
class Phase:
    label: str
    state: Literal["done", "now", "todo"] = "todo"
    note: str = ""


@dataclass(frozen=True)
class CodeOption:
    """A code and its meaning; `why` says what it needs or why the search found it."""

    code: str
    meaning: str
    why: str = ""
    checked: bool = False


@dataclass(frozen=True)
class Version:
    """One of two texts of a conflict: pieces of (text, differs) in reading order."""

    key: str
    who: str
    when: str
    pieces: Sequence[tuple[str, bool]]
