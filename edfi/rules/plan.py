"""From desired and known records to the requests to send, in an order that an Ed-Fi API accepts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from edfi.rules.order import Order, posting_order
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA, Address, Desired, Record


class Verb(StrEnum):
    POST = "POST"
    DELETE = "DELETE"


@dataclass(frozen=True)
class Known:
    """A record that may be at the state.

    `payload_digest` is the last acknowledged one, "" before that; `refused_digest` that of a payload that
    is not sent again unchanged.
    """

    resource: str
    year: int
    key_digest: str
    payload_digest: str
    evaluation_id: int
    refused_digest: str = ""

    @property
    def address(self) -> Address:
        return self.resource, self.year, self.key_digest


@dataclass(frozen=True)
class Step:
    """One request. It goes only after every step in `after` has succeeded (addresses of this plan)."""

    verb: Verb
    address: Address
    evaluation_id: int
    record: Record | None = None
    after: frozenset[Address] = frozenset()

    @property
    def resource(self) -> str:
        return self.address[0]


def plan(
    desired: Desired,
    known: Iterable[Known],
    switched_off: Collection[tuple[str, int]] = (),
    order: Order = MappingProxyType({}),
) -> tuple[Step, ...]:
    """Deletes first, eligibility before responsibility; then posts, responsibility before eligibility.

    Otherwise in the `order` that the server told: posts as it says, deletes the other way round (B20).
    Program records depend on neither.

    EDFI-R17 to R23, R34, R35, D3, D6; the source's literal delete order would end in a 403 (C4).
    A (resource, year) that is switched off gets nothing at all, neither POST nor DELETE (R28, A7).
    """
    every = list(known)
    known = [row for row in every if (row.resource, row.year) not in switched_off]
    wanted = [record for record in desired.records if (record.resource, record.year) not in switched_off]
    gone = [row for row in known if row.address not in desired.by_address]
    deletes = _deletes(gone, desired, _years_with_eligibility(every, gone, desired))
    posts = _posts(wanted, {row.address: row for row in known}, gone)
    resources = dict.fromkeys((SEORA, SSEPEA, *(step.resource for step in (*deletes, *posts))))
    ranks = {resource: at for at, resource in enumerate(posting_order(order, resources))}
    deletes.sort(key=lambda step: -ranks[step.resource])
    posts.sort(key=lambda step: ranks[step.resource])
    return tuple(deletes + posts)


def _years_with_eligibility(every: list[Known], gone: list[Known], desired: Desired) -> frozenset[int]:
    """Where an eligibility record should be, or stays because its resource is switched off."""
    stay = {row.year for row in every if row.resource == SSEPEA and row not in gone}
    return frozenset(stay | {record.year for record in desired.records if record.resource == SSEPEA})


def _deletes(gone: list[Known], desired: Desired, with_eligibility: Collection[int]) -> list[Step]:
    eligibility = [
        Step(Verb.DELETE, row.address, row.evaluation_id) for row in gone if row.resource == SSEPEA
    ]
    first = frozenset(step.address for step in eligibility)
    responsibility = [
        Step(Verb.DELETE, row.address, row.evaluation_id, after=first)
        for row in gone
        if row.resource == SEORA and _may_delete(row, desired, with_eligibility)
    ]
    programs = [
        Step(Verb.DELETE, row.address, row.evaluation_id) for row in gone if row.resource == PARTICIPATION
    ]
    return programs + eligibility + responsibility


def _may_delete(responsibility: Known, desired: Desired, with_eligibility: Collection[int]) -> bool:
    """Not while an eligibility record stays that the state could then no longer reach. EDFI-R24."""
    year = responsibility.year
    another = any(record.resource == SEORA and record.year == year for record in desired.records)
    return year not in with_eligibility or another or desired.has_reported_enrollment


def _posts(wanted: list[Record], known: dict[Address, Known], gone: list[Known]) -> list[Step]:
    refused = {record.evaluation_id for record in wanted if _is_refused(record, known.get(record.address))}
    changed = [
        record
        for record in wanted
        if _differs(record, known.get(record.address))
        and not (record.resource == SSEPEA and record.evaluation_id in refused)
    ]
    return [
        Step(Verb.POST, record.address, record.evaluation_id, record, _before(record, changed, gone))
        for record in changed
    ]


def _differs(record: Record, row: Known | None) -> bool:
    return row is None or record.payload_digest not in (row.payload_digest, row.refused_digest)


def _is_refused(record: Record, row: Known | None) -> bool:
    """A responsibility record that a person must mend first: what needs it is held back with it."""
    return record.resource == SEORA and row is not None and record.payload_digest == row.refused_digest


def _before(record: Record, changed: list[Record], gone: list[Known]) -> frozenset[Address]:
    """A changed key is delete, then post; an eligibility record waits for its responsibility record."""
    own_gone = (row for row in gone if row.evaluation_id == record.evaluation_id)
    own_changed = (other for other in changed if other.evaluation_id == record.evaluation_id)
    replaced = {row.address for row in own_gone if row.resource == record.resource}
    opened = {other.address for other in own_changed if other.resource == SEORA}
    return frozenset(replaced | (opened if record.resource == SSEPEA else set()))
