"""One child over one connection: what should be there, what is there, what was sent, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import uvloop
from django.utils import timezone

from edfi.calling import client_of
from edfi.client import Patience
from edfi.compare import copy_of, differences
from edfi.models import Connection, Identity
from edfi.reading import facts_of
from edfi.references import references_of
from edfi.rules.desired import desired_records
from edfi.rules.records import Desired, NotSent, Record
from edfi.rules.root_cause import NAMES
from edfi.rules.tables import ConditionRow, conditions
from edfi.rules.years import year_name
from security import scope
from security.refusals import Unreachable
from students.models import Student
from ui.parts import Check, Difference, Status

QUICK = Patience(tries=1, timeout=4)


@dataclass
class Three:
    """One record three times; `there` is None too while the state cannot be asked."""

    resource: str
    year: int
    wanted: Record | None
    sent: Identity | None
    there: dict | None = None
    references: list[Check] = field(default_factory=list)

    @property
    def title(self) -> str:
        return f"{NAMES[self.resource].capitalize()}, {year_name(self.year)}"

    @property
    def natural_key(self) -> dict:
        known = self.wanted or self.sent
        return known.natural_key if known else {}

    @property
    def payload(self) -> dict:
        known = self.wanted or self.sent
        return known.payload if known else {}

    @property
    def rows(self) -> list[Difference]:
        wanted, sent = self.wanted and self.wanted.payload, self.sent and self.sent.payload
        return differences(wanted, self.there, sent)

    @property
    def status(self) -> Status:
        if self.wanted is None:
            return Status("warn", "should not be there" if self.there else "is not there, as it should be")
        if self.there is None:
            return Status("warn", "not seen at the state")
        same = not any(row.differs for row in self.rows)
        return Status("good", "as it should be") if same else Status("bad", "differs")


@dataclass(frozen=True)
class Reason:
    """Why something is not sent, with the rule that says so."""

    sentence: str
    rule: ConditionRow
    is_warning: bool = False


@dataclass(frozen=True)
class Picture:
    records: Sequence[Three]
    reasons: Sequence[Reason]
    silence: str = ""


def picture_of(student: Student, connection: Connection) -> Picture:
    """Computed now, and looked up at the state now."""
    desired = _desired(student, connection)
    records = _side_by_side(student, connection, desired)
    reasons = [*map(_reason, desired.not_sent), *(_reason(each, True) for each in desired.warnings)]
    try:
        uvloop.run(_look(connection, records))
    except Unreachable as silence:
        return Picture(records, reasons, str(silence))
    return Picture(records, reasons)


def _desired(student: Student, connection: Connection) -> Desired:
    with scope.elevated():  # what is sent rests on facts of every district
        facts = facts_of([student.pk], connection).get(student.pk)
    if facts is None:
        return Desired()
    return desired_records(facts, connection.rule_settings(), timezone.localdate())


def _side_by_side(student: Student, connection: Connection, desired: Desired) -> list[Three]:
    sent = {row.address: row for row in Identity.objects.filter(connection=connection, student=student)}
    addresses = sorted(desired.by_address.keys() | sent.keys(), key=lambda each: (-each[1], each[0]))
    return [Three(each[0], each[1], desired.by_address.get(each), sent.get(each)) for each in addresses]


async def _look(connection: Connection, records: Sequence[Three]) -> None:
    async with client_of(connection, QUICK) as client:
        for record in records:
            await client.reach(record.year)
            record.there = await copy_of(client, record.resource, record.year, record.natural_key)
            record.references = await references_of(client, record.year, record.payload)


def _reason(reason: NotSent, is_warning: bool = False) -> Reason:
    return Reason(reason.sentence, conditions()[reason.code], is_warning)
