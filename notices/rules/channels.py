"""How a notice reaches the parents, and which proof is kept of it."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import ClassVar

from notices.rules.kinds import Kind
from rulebook.tables import in_force, read_table

CHANNELS_CSV = Path(__file__).parent / "channels.csv"


@dataclass(frozen=True, kw_only=True)
class Channel:
    """`for_change`: a notice of change may go this way (RS 17:1946.1.C)."""

    KEY: ClassVar = ("code", "first_day")

    code: str
    name: str
    needs_proof: bool
    for_change: bool
    authority: str
    first_day: date | None = None
    last_day: date | None = None
    note: str = ""


@cache
def channels() -> tuple[Channel, ...]:
    return read_table(CHANNELS_CSV, Channel)


def channel_name(code: str) -> str:
    return next((row.name for row in channels() if row.code == code), code)


def channels_for(kind: str, on: date) -> tuple[Channel, ...]:
    """A notice of change goes by what leaves a dated proof; every other one by any way."""
    rows = in_force(channels(), on)
    return tuple(row for row in rows if row.for_change or kind != Kind.CHANGE)


def why_not_deliver(kind: str, code: str, on: date, has_proof: bool) -> tuple[str, str] | None:
    """The sentence and its field when it cannot be delivered so."""
    row = next((row for row in in_force(channels(), on) if row.code == code), None)
    if row is None:
        return "Choose how it was delivered.", "channel"
    if row not in channels_for(kind, on):
        ways = ", ".join(each.name for each in channels_for(kind, on))
        return f"A notice of change is sent with dated proof: by {ways}.", "channel"
    if row.needs_proof and not has_proof:
        return f"Give the proof: {row.name} leaves one, as a file or in words.", "proof"
    return None
