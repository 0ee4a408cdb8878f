"""The dry run of a resync: every difference between what should be at the state and what is there."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db.models import Count
from django.utils import timezone

from edfi import inventory
from edfi.inventory import Told
from edfi.models import Connection, Identity, Resync, ResyncRow, ResyncState
from edfi.patience import Patience
from edfi.rules.records import digest
from edfi.rules.resync import RIGHT, Comparison, There, Wanted, Why, compare
from security import scope

WORK_OUT, READ, COMPARE = "Work out what should be there", "Read what is there", "Compare"
WRONG = (Why.GONE, Why.DIFFERS, Why.NOT_WANTED)
Place = tuple[str, int | None]  # resource, district
PHASES = [WORK_OUT, READ, COMPARE]
ROWS = 1000


class Cancelled(Exception):
    """A person stopped it while it was compared."""


def silent(**_: object) -> None:
    """Nobody watches."""


def unless_stopped(resync: Resync, tell: Told) -> Told:
    """Whoever tells how far it is hears whether it shall go on. Raises Cancelled."""

    def told(**how_far: object) -> None:
        if resync.is_to_stop():
            raise Cancelled
        tell(**how_far)

    return told


def compare_whole(resync: Resync, tell: Told = silent, patience: Patience | None = None) -> Resync:
    """Finds every difference and keeps it; begun again after a cut. Raises Unreachable, Cancelled."""
    tell = unless_stopped(resync, tell)
    connection = Connection.objects.select_related("state").get(pk=resync.connection_id)
    settings_digest, years = settings_of(connection), years_of(connection, resync)
    tell(phase=WORK_OUT)
    wanted, noted = inventory.every_wanted(connection, tell), inventory.every_noted(connection)
    tell(phase=READ, done=0, total=0)
    since = connection.seen_versions if resync.since_last else None
    copy = inventory.read_copy(connection, years, noted, since, patience, tell)
    tell(phase=COMPARE)
    with scope.system():
        found = compare(
            wanted,
            noted,
            inventory.as_there(copy, connection),
            lambda resource, year: year in years.get(resource, []),
            connection.place_of,
            set(inventory.touched(copy, noted, connection)) if copy.only_changes else None,
        )
        _learn(connection, found.learnt)
        _keep(resync, found)
        tallies = tallies_of(found, right_ones(connection, found))
    resync.settings_digest, resync.since_last = settings_digest, copy.only_changes
    resync.compared_at, resync.tallies = timezone.now(), tallies
    resync.state = ResyncState.COMPARED if found.findings else ResyncState.DONE
    resync.versions = copy.versions
    resync.save()
    return resync


def years_of(connection: Connection, resync: Resync) -> dict[str, list[int]]:
    """The school years by resource in which it is sent at all. EDFI-R28, R32."""
    off = connection.switched_off()
    years = [row.school_year for row in connection.years.all()]
    return {name: [year for year in years if (name, year) not in off] for name in resync.resources}


def settings_of(connection: Connection) -> str:
    """Changes with everything that decides which records should be there."""
    off = sorted(connection.switched_off())
    return digest(repr((connection.rule_settings(), sorted(connection.namespaces.items()), off)))


def right_ones(connection: Connection, found: Comparison) -> Counter[Place]:
    """Records that the state acknowledged, less those that were found to be otherwise there."""
    noted = Identity.objects.filter(connection=connection).exclude(payload_digest="")
    rows = noted.order_by().values_list("resource", "district_id").annotate(Count("pk"))
    right = Counter({(resource, district_id): number for resource, district_id, number in rows})
    wrong = Counter((each.resource, each.district_id) for each in found.findings if each.why in WRONG)
    return right - wrong


def tallies_of(found: Comparison, right: Mapping[Place, int]) -> list[dict]:
    """One row for each resource and district: how many of each kind."""
    places = {place: Counter({RIGHT: number}) for place, number in right.items()}
    for (what, resource, district_id), number in found.counts.items():
        places.setdefault((resource, district_id), Counter())[what] += number
    return [
        {"resource": resource, "district": district_id, **counts}
        for (resource, district_id), counts in sorted(places.items(), key=lambda each: str(each[0]))
    ]


def _keep(resync: Resync, found: Comparison) -> None:
    resync.rows.all().delete()
    ResyncRow.objects.bulk_create(
        (
            ResyncRow(
                resync=resync,
                student_id=each.student_id,
                district_id=each.district_id,
                resource=each.resource,
                school_year=each.year,
                does=each.does,
                why=each.why,
                natural_key=each.natural_key,
                key_digest=each.key_digest,
                ods_id=each.ods_id,
            )
            for each in found.findings
        ),
        batch_size=ROWS,
    )


def _learn(connection: Connection, learnt: Iterable[tuple[Wanted, There]]) -> None:
    """Records that are as they should be, but whose place there was not known or is another one now."""
    now = timezone.now()
    Identity.objects.bulk_create(
        [
            Identity(
                connection=connection,
                student_id=each.student_id,
                district_id=each.district_id,
                evaluation_id=each.record.evaluation_id,
                resource=each.record.resource,
                school_year=each.record.year,
                natural_key=each.record.natural_key,
                key_digest=each.record.key_digest,
                payload=each.record.payload,
                payload_digest=each.record.payload_digest,
                ods_id=there.ods_id,
                acknowledged_at=now,
            )
            for each, there in learnt
        ],
        batch_size=ROWS,
        update_conflicts=True,
        unique_fields=["connection", "school_year", "resource", "key_digest"],
        update_fields=["ods_id"],
    )
