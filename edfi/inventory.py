"""Everything about one connection at once: what should be there, what was noted, and what the state shows."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from django.utils import timezone

from edfi.actions.dirty import everyone
from edfi.actions.reconcile import districts
from edfi.answers import Outcome
from edfi.bulk import (
    UNREADABLE,
    Run,
    between,
    newest_version,
    one_by_one,
    page_by_page,
    pages,
    step_by_step,
)
from edfi.calling import client_of
from edfi.client import Client
from edfi.models import Connection, Identity, Needs, Trouble
from edfi.patience import Patience
from edfi.reading import facts_of
from edfi.rules.desired import desired_records
from edfi.rules.records import source_of
from edfi.rules.resync import Noted, Spot, There, Wanted
from edfi.rules.there import KEYS, comparable, flat_key, is_ours, spot, year_there
from organizations.models import Site
from security import scope
from security.refusals import Unreachable
from students.models import Student

BATCH = 500  # children, or records
Shown = tuple[str, int, dict]  # resource, place, record
Told = Callable[..., None]


@dataclass
class Copy:
    """What the state showed. `touched`: the spots looked at, None for all; `versions` by place."""

    shown: list[Shown] = field(default_factory=list)
    deleted_ids: set[str] = field(default_factory=set)
    only_changes: bool = False
    versions: dict[str, int] = field(default_factory=dict)


def every_wanted(connection: Connection, tell: Told) -> list[Wanted]:
    """The records that should be there, of every child."""
    ids, settings = everyone(connection), connection.rule_settings()
    found: list[Wanted] = []
    for first in range(0, len(ids), BATCH):
        tell(done=first, total=len(ids))
        with scope.system():
            every = facts_of(ids[first : first + BATCH], connection)
        for student_id, facts in every.items():
            district_of = districts(facts, [])
            records = desired_records(facts, settings, timezone.localdate()).records
            found.extend(
                Wanted(each, student_id, district_of.get(source_of(each.resource, each.evaluation_id)))
                for each in records
            )
    return found


def every_noted(connection: Connection) -> list[Noted]:
    with scope.system():
        rows = Identity.objects.filter(connection=connection)
        tried_again = Trouble.objects.open().filter(needs__in=[Needs.DEPENDENCY, Needs.RETRY])
        troubles = tried_again.filter(connection=connection).exclude(resource="")
        waiting = set(troubles.values_list("student_id", "evaluation_id", "resource"))
        return [
            Noted(
                *row.address,
                row.natural_key,
                row.ods_id,
                row.acknowledged_at is not None,
                (row.student_id, row.evaluation_id, row.resource) in waiting,
                row.student_id,
                row.district_id,
                row.refused_digest,
            )
            for row in rows.iterator()
        ]


def read_copy(
    connection: Connection,
    years: dict[str, list[int]],
    noted: Iterable[Noted],
    since: dict[str, int] | None,
    patience: Patience | None,
    tell: Told,
) -> Copy:
    """`years` by resource; `since` by place: read only what changed after these versions, if that is told.

    Tells how many records it has read after each page. Raises Unreachable.
    """
    copy, client = Copy(only_changes=since is not None), client_of(connection, patience)
    with step_by_step(client) as run:
        for place, year in sorted({(connection.place_of(y), y) for some in years.values() for y in some}):
            run(client.reach(year))
            if str(place) not in copy.versions and (newest := run(newest_version(client, year))) is not None:
                copy.versions[str(place)] = newest
        if since is not None and copy.versions.keys() - since.keys():
            copy.only_changes = False
        copy.only_changes = copy.only_changes and bool(copy.versions)
        for resource, some in years.items():
            for place, year in sorted({connection.place_of(y): y for y in some}.items()):
                _read(run, client, copy, resource, place, year, since or {}, tell)
        if not copy.only_changes:
            _look_again(run, client, copy, noted, connection, years, tell)
    return copy


def _read(
    run: Run,
    client: Client,
    copy: Copy,
    resource: str,
    place: int,
    year: int,
    since: dict[str, int],
    tell: Told,
) -> None:
    window = between(since[str(place)], copy.versions[str(place)]) if copy.only_changes else {}
    for page in page_by_page(run, pages(client, resource, year, window)):
        copy.shown.extend((resource, place, item) for item in page)
        tell(done=len(copy.shown))
    if copy.only_changes:
        for page in page_by_page(run, pages(client, resource, year, window, "deletes")):
            copy.deleted_ids.update(row["id"] for row in page)


def _look_again(
    run: Run,
    client: Client,
    copy: Copy,
    noted: Iterable[Noted],
    connection: Connection,
    years: dict[str, list[int]],
    tell: Told,
) -> None:
    """EDFI-B17: a record that is missing in the pages may have slipped through between two of them."""
    seen = {(resource, place, spot_of(resource, item)) for resource, place, item in copy.shown}
    missing = [
        note
        for note in noted
        if note.acknowledged
        and note.year in years.get(note.resource, [])
        and (note.resource, connection.place_of(note.year), spot(note.natural_key)) not in seen
    ]
    for first in range(0, len(missing), BATCH):
        tell(done=len(copy.shown))
        some = missing[first : first + BATCH]
        answers = run(one_by_one(client, some, lambda note: client.find(*note.address[:2], note.natural_key)))
        for note, found in zip(some, answers, strict=True):
            if isinstance(found, Outcome):
                raise Unreachable(UNREADABLE)
            if found:
                copy.shown.append((note.resource, connection.place_of(note.year), found))


def spot_of(resource: str, item: dict) -> str:
    return spot(flat_key(item, KEYS[resource]))


def as_there(copy: Copy, connection: Connection) -> dict[Spot, There]:
    """The state's records by their spot, each with whose it is here."""
    settings = connection.rule_settings()
    sites = Site.objects.filter(state=connection.state_id).exclude(edfi_id=None)
    if connection.district_id:
        sites = sites.filter(district=connection.district_id)
    district_of = dict(sites.values_list("edfi_id", "district_id"))
    child_of = _children(connection, (item for _, _, item in copy.shown))
    found = {}
    for resource, place, item in copy.shown:
        key = flat_key(item, KEYS[resource])
        there = There(
            resource,
            place,
            key,
            comparable(resource, item),
            str(item.get("id", "")),
            place or year_there(resource, item, settings),
            is_ours(resource, item, settings, district_of),
            child_of.get(str(key["studentUniqueId"])),
            district_of.get(key["educationOrganizationId"]),
        )
        found[there.spot] = there
    return found


def _children(connection: Connection, items: Iterable[dict]) -> dict[str, int]:
    numbers = {str(item.get("studentReference", {}).get("studentUniqueId", "")) for item in items}
    rows = Student.objects.filter(state=connection.state_id, edfi_id__in=numbers - {""})
    return dict(rows.values_list("edfi_id", "pk"))


def touched(copy: Copy, noted: Iterable[Noted], connection: Connection) -> Iterator[Spot]:
    """Where the server says that something changed."""
    for resource, place, item in copy.shown:
        yield resource, place, spot_of(resource, item)
    for note in noted:
        if note.ods_id in copy.deleted_ids:
            yield note.resource, connection.place_of(note.year), spot(note.natural_key)
