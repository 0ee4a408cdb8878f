"""What should be at the state beside what is there, as a whole: the differences, and why each is one.

EDFI-R29, R30, R32: what is missing is sent, what differs is changed, what should not be there is deleted,
and nothing of a resource that is switched off is touched.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from edfi.rules.records import Address, Payload, Record
from edfi.rules.there import comparable, spot

Spot = tuple[str, int, str]  # resource, place (a school year, or 0 for an ODS of all years), key


class Does(StrEnum):
    POST = "post"
    CHANGE = "change"
    DELETE = "delete"
    FORGET = "forget"


class Why(StrEnum):
    NEW = "new"
    GONE = "gone"
    DIFFERS = "differs"
    NOT_WANTED = "not_wanted"
    NO_TRACE = "no_trace"


SAME, AT_DESK, OTHERS = "same", "at_desk", "others"
RIGHT = "right"  # as they should be, among all that we know of, also where only changes were compared


@dataclass(frozen=True)
class Wanted:
    """A record that should be there, and whose it is."""

    record: Record
    student_id: int
    district_id: int | None


@dataclass(frozen=True)
class Noted:
    """A record that was sent, or was being sent, as we noted it.

    `waits`: the usual sender tries it again by itself. `refused_digest`: a payload that a person must mend.
    """

    resource: str
    year: int
    key_digest: str
    natural_key: Payload
    ods_id: str
    acknowledged: bool
    waits: bool
    student_id: int
    district_id: int | None
    refused_digest: str = ""

    @property
    def address(self) -> Address:
        return self.resource, self.year, self.key_digest

    def is_at_desk(self, record: Record) -> bool:
        """The desk shows what is in its way. A refused record that has changed since waits for nobody."""
        return self.waits or self.refused_digest == record.payload_digest


@dataclass(frozen=True)
class There:
    """A record that the state showed. `ours`: of our kind, at our schools; `year` as its day says."""

    resource: str
    place: int
    natural_key: Payload
    fields: Payload
    ods_id: str
    year: int
    ours: bool
    student_id: int | None
    district_id: int | None

    @property
    def spot(self) -> Spot:
        return self.resource, self.place, spot(self.natural_key)


@dataclass(frozen=True)
class Finding:
    """One difference, and what would mend it."""

    does: Does
    why: Why
    resource: str
    year: int
    natural_key: Payload
    key_digest: str
    student_id: int | None
    district_id: int | None
    ods_id: str = ""


@dataclass
class Comparison:
    """`counts` by (what, resource, district); `learnt` are records of ours whose place we did not know."""

    findings: list[Finding] = field(default_factory=list)
    counts: Counter[tuple[str, str, int | None]] = field(default_factory=Counter)
    learnt: list[tuple[Wanted, There]] = field(default_factory=list)

    def add(self, finding: Finding) -> None:
        self.findings.append(finding)
        self.counts[finding.does, finding.resource, finding.district_id] += 1


def compare(
    wanted: Iterable[Wanted],
    noted: Iterable[Noted],
    there: Mapping[Spot, There],
    sends: Callable[[str, int], bool],
    place_of: Callable[[int], int],
    touched: Collection[Spot] | None = None,
) -> Comparison:
    """`sends(resource, year)` is false for what is switched off or not asked about.

    `touched`: only these spots are known; None when `there` is everything that the state has.
    """
    result, left = Comparison(), dict(there)
    notes = {note.address: note for note in noted}
    for each in wanted:
        at = _spot(each.record.resource, each.record.year, each.record.natural_key, place_of)
        item, note = left.pop(at, None), notes.pop(each.record.address, None)
        if sends(each.record.resource, each.record.year) and (touched is None or at in touched):
            _compare_one(each, note, item, result)
    for note in notes.values():
        at = _spot(note.resource, note.year, note.natural_key, place_of)
        item = left.pop(at, None)
        if sends(note.resource, note.year) and (touched is None or at in touched):
            result.add(_not_wanted(note, item))
    for finding in _strangers(left.values(), sends, result):
        result.add(finding)
    return result


def _spot(resource: str, year: int, key: Payload, place_of: Callable[[int], int]) -> Spot:
    return resource, place_of(year), spot(key)


def _compare_one(each: Wanted, note: Noted | None, item: There | None, result: Comparison) -> None:
    record = each.record
    if item and item.fields == comparable(record.resource, record.payload):
        result.counts[SAME, record.resource, each.district_id] += 1
        if note is None or note.ods_id != item.ods_id:
            result.learnt.append((each, item))
    elif note and note.is_at_desk(record):
        result.counts[AT_DESK, record.resource, each.district_id] += 1
    elif item:
        result.add(_of_wanted(each, Does.CHANGE, Why.DIFFERS, item.ods_id))
    else:
        gone = note is not None and note.acknowledged
        result.add(_of_wanted(each, Does.POST, Why.GONE if gone else Why.NEW))


def _of_wanted(each: Wanted, does: Does, why: Why, ods_id: str = "") -> Finding:
    resource, year, key_digest = each.record.address
    key = each.record.natural_key
    return Finding(does, why, resource, year, key, key_digest, each.student_id, each.district_id, ods_id)


def _not_wanted(note: Noted, item: There | None) -> Finding:
    does, why = (Does.DELETE, Why.NOT_WANTED) if item else (Does.FORGET, Why.GONE)
    key, ods_id = note.natural_key, item.ods_id if item else ""
    return Finding(
        does, why, *note.address[:2], key, note.key_digest, note.student_id, note.district_id, ods_id
    )


def _strangers(
    left: Iterable[There], sends: Callable[[str, int], bool], result: Comparison
) -> Iterator[Finding]:
    """EDFI-R30, A9: what nobody here knows of goes only where it is of our kind and at our schools."""
    for item in left:
        if not item.ours:
            result.counts[OTHERS, item.resource, None] += 1
        elif sends(item.resource, item.year):
            yield Finding(
                Does.DELETE,
                Why.NO_TRACE,
                item.resource,
                item.year,
                item.natural_key,
                Record(item.resource, item.year, item.natural_key, {}, 0).key_digest,
                item.student_id,
                item.district_id,
                item.ods_id,
            )


def number_to_type(deletes: int, tallies: Iterable[Mapping[str, object]], percent: int) -> int | None:
    """The number of deletions where it is more than this share of our records there. EDFI-A9."""
    named = (SAME, Does.CHANGE, Does.DELETE)
    there = sum(int(str(row.get(name, 0))) for row in tallies for name in named)
    return deletes if deletes * 100 > there * percent else None
