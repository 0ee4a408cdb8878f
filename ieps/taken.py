"""What the records take from the texts of an IEP when it becomes official: its facts and its services."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from ieps.checking import days_of, evaluation_in_force
from ieps.elsewhere import sites_of
from ieps.environment import line_of
from ieps.models import Iep, Service
from ieps.outline import Written
from ieps.rules.service_minutes import outside
from ieps.signed import Signing
from ieps.values import NotUnderstood, value_of
from ieps.written import day_in

FACTS = [
    "meeting_date", "first_day", "last_day", "grade", "home_site_id", "other_site_id", "lre", "assessment",
    "esy", "total_minutes", "regular_minutes", "parent_date", "odr_date", "evaluation",
]  # fmt: skip


@dataclass(frozen=True)
class Sessions:
    """One line of the table of services."""

    code: str
    recipient: str
    minutes: int | None
    sessions: int | None
    per: str
    location: str


def take_facts(iep: Iep, signing: Signing) -> None:
    """Fill the columns of the IEP; nothing is saved. Every text has been checked before."""
    written = signing.written
    iep.meeting_date, iep.first_day, iep.last_day = days_of(iep, written)
    iep.grade = iep.student.grade
    own = dict(sites_of(iep))
    iep.home_site_id = _site(written, "home_school", own)
    iep.other_site_id = _site(written, "other_school", own)
    iep.lre = _text(written, "PLC", "lre")
    iep.assessment = _text(written, "PRG", "assessment")
    iep.esy = _text(written, "PRG", "decision")
    iep.total_minutes = _number(written, "PRG", "total_minutes")
    iep.regular_minutes = _regular(iep.total_minutes, written)
    iep.parent_date = signing.answer.signed_on if signing.answer else None
    iep.odr_date = signing.approval.signed_on if signing.approval else None
    iep.evaluation = evaluation_in_force(iep) or iep.evaluation


def services_of(iep: Iep, written: Written) -> Iterator[Service]:
    """The services of the plan, not saved yet: none begins before the IEP does."""
    begun = iep.created_at.date()
    first = day_in(_text(written, "PRG", "time_frame_first"), begun) or iep.first_day
    last = day_in(_text(written, "PRG", "time_frame_last"), begun) or iep.last_day
    for each in sessions_in(written):
        yield Service(
            student_id=iep.student_id, district_id=iep.district_id, iep=iep,
            code=each.code, recipient=each.recipient, minutes=each.minutes, sessions=each.sessions,
            per=each.per, location=each.location,
            first_day=max(filter(None, (first, iep.first_day))), last_day=earliest(last, iep.last_day),
        )  # fmt: skip


def sessions_in(written: Written) -> list[Sessions]:
    rows = written.circumstances.tables.get("PRG.services", ())
    return [
        Sessions(
            row.get("service", ""), row.get("recipient", ""), _whole(row.get("minutes", "")),
            _whole(row.get("sessions", "")), row.get("per", ""), row.get("location", ""),
        )
        for row in rows
    ]  # fmt: skip


def _regular(total: int | None, written: Written) -> int | None:
    """Of the week's minutes, those inside the regular class; None where no source says it of a line."""
    if total is None:
        return None
    rows, today = written.circumstances.tables.get("PRG.services", ()), timezone.localdate()
    lines = [line for row in rows if (line := line_of(row, today))]
    return None if any(line.is_open for line in lines) else max(0, total - round(outside(lines)))


def _text(written: Written, section: str, key: str) -> str:
    return written.texts.get((section, key), "").strip()


def _number(written: Written, section: str, key: str) -> int | None:
    return _whole(_text(written, section, key))


def _whole(text: str) -> int | None:
    try:
        value = value_of("int", text, timezone.localdate())
    except NotUnderstood:
        return None
    return value if isinstance(value, int) else None


def _site(written: Written, key: str, own: dict[str, str]) -> int | None:
    chosen = _text(written, "GSI", key)
    return int(chosen) if chosen in own else None


def earliest(*days: date | None) -> date | None:
    return min(filter(None, days), default=None)
