"""How many children stand in each cell, by place: read from frozen children, never from the records."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter

from django.db import connection

from reports.models import Snapshot
from reports.rules.federal.cells import Cells, Codes, cells_of, columns_of
from reports.rules.federal.child import NO_SCHOOLS_SETTING, SCHOOL_AGE
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import submission_year

AT_A_TIME = 20_000
Places = dict[Level, str]
PLACE = {Level.STATE: "0::bigint", Level.DISTRICT: "district_id", Level.SCHOOL: "site_id"}


def year_of(snapshots: Sequence[Snapshot]) -> int:
    return submission_year(snapshots[0].day)


def cells_by_place(snapshots: Sequence[Snapshot], spec: str, level: Level) -> Iterator[tuple[int, Cells]]:
    """The id of each district or school with its cells, in the order of the ids; the state is 0.

    Places in which nobody is counted are absent. Equal children are counted by the database, so that a
    state's children do not pass through here one by one where they need not.
    """
    year = year_of(snapshots)
    for place, rows in groupby(_groups(snapshots, spec, level), key=itemgetter(0)):
        yield place, cells_of(spec, level, year, ((codes, n) for _, codes, n in rows))


def cells_of_snapshot(snapshot: Snapshot, spec: str, level: Level = Level.DISTRICT) -> Cells:
    """Of one district; empty counts where nobody is counted."""
    found = dict(cells_by_place([snapshot], spec, level))
    return next(iter(found.values()), cells_of(spec, level, year_of([snapshot]), ()))


def _groups(snapshots: Sequence[Snapshot], spec: str, level: Level) -> Iterator[tuple[int, Codes, int]]:
    columns = ", ".join(columns_of(spec))
    only = "AND site_id IS NOT NULL AND environment <> ALL (%(no_schools)s)" if level is Level.SCHOOL else ""
    query = f"""SELECT {PLACE[level]} AS place, {columns}, count(*) FROM reports_snapshotchild
        WHERE snapshot_id = ANY (%(snapshots)s) AND file = %(file)s AND counted {only}
        GROUP BY {PLACE[level]}, {columns} ORDER BY place"""  # noqa: S608  our own words
    asked = {
        "snapshots": [snapshot.pk for snapshot in snapshots], "file": spec,
        "no_schools": list(NO_SCHOOLS_SETTING),
    }  # fmt: skip
    with connection.chunked_cursor() as cursor:
        cursor.execute(query, asked)
        while some := cursor.fetchmany(AT_A_TIME):
            yield from ((row[0], row[1:-1], row[-1]) for row in some)


def not_a_schools(snapshot: Snapshot) -> int:
    """Counted children of school age that the file of the schools leaves out."""
    counted = snapshot.children.filter(file=SCHOOL_AGE, counted=True)
    return counted.count() - counted.exclude(site=None).exclude(environment__in=NO_SCHOOLS_SETTING).count()
