"""From desired and known records to the requests to send, in an order that an Ed-Fi API accepts."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from edfi.rules.facts import DeleteOrder, EditPolicy
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


Key = tuple[str, Address]


@dataclass(frozen=True)
class Step:
    """One request. It goes only after all in `after` (keys of steps of this plan) have succeeded."""

    verb: Verb
    address: Address
    evaluation_id: int
    record: Record | None = None
    after: frozenset[Key] = frozenset()

    @property
    def resource(self) -> str:
        return self.address[0]

    @property
    def key(self) -> Key:
        return self.verb, self.address


@dataclass(frozen=True)
class How:
    """What a connection says of the way: `order` is that of the server, resource to step."""

    switched_off: Collection[tuple[str, int]] = ()
    order: Order = field(default_factory=dict)
    edits: EditPolicy = EditPolicy.POST
    deletes: DeleteOrder = DeleteOrder.ELIGIBILITY_FIRST


AS_USUAL = How()


def plan(desired: Desired, known: Iterable[Known], how: How = AS_USUAL) -> tuple[Step, ...]:
    """Deletes first, eligibility before responsibility; then posts, responsibility before eligibility.

    Otherwise in the order that the server told: posts as it says, deletes the other way round (B20).
    Program records depend on neither.

    EDFI-R17 to R23, R34, R35, D3, D6; the source's literal delete order ends in a 403, and is a choice (C4).
    A (resource, year) that is switched off gets nothing at all, neither POST nor DELETE (R28, A7).
    """
    every = list(known)
    here = {row.address: row for row in every if (row.resource, row.year) not in how.switched_off}
    wanted = [record for record in desired.records if (record.resource, record.year) not in how.switched_off]
    gone = [row for row in here.values() if row.address not in desired.by_address]
    changed = _changed(wanted, here)
    out = [*gone, *_replaced(changed, here, how.edits)]
    deletes = _deletes(out, desired, _years_with_eligibility(every, gone, desired), how.deletes)
    posts = [
        Step(Verb.POST, record.address, record.evaluation_id, record, _before(record, changed, out))
        for record in changed
    ]
    return _in_order(deletes, posts, how)


def _in_order(deletes: list[Step], posts: list[Step], how: How) -> tuple[Step, ...]:
    resources = dict.fromkeys((SEORA, SSEPEA, *(step.resource for step in (*deletes, *posts))))
    ranks = {resource: at for at, resource in enumerate(posting_order(how.order, resources))}
    deletes.sort(key=lambda step: -ranks[step.resource])
    posts.sort(key=lambda step: ranks[step.resource])
    if how.deletes is DeleteOrder.RESPONSIBILITY_FIRST:
        deletes.sort(key=lambda step: step.resource != SEORA)
    return tuple(deletes + posts)


def _replaced(changed: list[Record], here: Mapping[Address, Known], edits: EditPolicy) -> list[Known]:
    """EDFI-C3: records that are deleted before they are sent anew with the same key."""
    if edits is EditPolicy.POST:
        return []
    edited = (record for record in changed if record.resource == SSEPEA)
    return [here[record.address] for record in edited if record.address in here]


def _years_with_eligibility(every: list[Known], gone: list[Known], desired: Desired) -> frozenset[int]:
    """Where an eligibility record should be, or stays because its resource is switched off."""
    stay = {row.year for row in every if row.resource == SSEPEA and row not in gone}
    return frozenset(stay | {record.year for record in desired.records if record.resource == SSEPEA})


def _deletes(
    out: list[Known], desired: Desired, with_eligibility: Collection[int], order: DeleteOrder
) -> list[Step]:
    def rows_of(resource: str) -> list[Known]:
        return [row for row in out if row.resource == resource]

    may_go = [row for row in rows_of(SEORA) if _may_delete(row, desired, with_eligibility)]
    responsibility_first = order is DeleteOrder.RESPONSIBILITY_FIRST
    eligibility = _delete(rows_of(SSEPEA), may_go if responsibility_first else ())
    responsibility = _delete(may_go, () if responsibility_first else rows_of(SSEPEA))
    return _delete(rows_of(PARTICIPATION)) + eligibility + responsibility


def _delete(rows: Iterable[Known], first: Iterable[Known] = ()) -> list[Step]:
    after = frozenset((Verb.DELETE, row.address) for row in first)
    return [Step(Verb.DELETE, row.address, row.evaluation_id, after=after) for row in rows]


def _may_delete(responsibility: Known, desired: Desired, with_eligibility: Collection[int]) -> bool:
    """Not while an eligibility record stays that the state could then no longer reach. EDFI-R24."""
    year = responsibility.year
    another = any(record.resource == SEORA and record.year == year for record in desired.records)
    return year not in with_eligibility or another or desired.has_reported_enrollment


def _changed(wanted: list[Record], here: Mapping[Address, Known]) -> list[Record]:
    refused = {record.evaluation_id for record in wanted if _is_refused(record, here.get(record.address))}
    return [
        record
        for record in wanted
        if _differs(record, here.get(record.address))
        and not (record.resource == SSEPEA and record.evaluation_id in refused)
    ]


def _differs(record: Record, row: Known | None) -> bool:
    return row is None or record.payload_digest not in (row.payload_digest, row.refused_digest)


def _is_refused(record: Record, row: Known | None) -> bool:
    """A responsibility record that a person must mend first: what needs it is held back with it."""
    return record.resource == SEORA and row is not None and record.payload_digest == row.refused_digest


def _before(record: Record, changed: list[Record], out: list[Known]) -> frozenset[Key]:
    """A changed key is delete, then post; an eligibility record waits for its responsibility record."""
    own_out = (row for row in out if row.evaluation_id == record.evaluation_id)
    own_changed = (other for other in changed if other.evaluation_id == record.evaluation_id)
    replaced = {(Verb.DELETE, row.address) for row in own_out if row.resource == record.resource}
    opened = {(Verb.POST, other.address) for other in own_changed if other.resource == SEORA}
    return frozenset(replaced | (opened if record.resource == SSEPEA else set()))
