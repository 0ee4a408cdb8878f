"""What the counts of the districts hold together, beside how many different children those are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

from reports.models import Snapshot

Times = tuple[int, ...]


@dataclass(frozen=True)
class Sum:
    """`districts`: what their counts hold in a file, summed; `children`: how many different children."""

    file: str
    districts: int
    children: int


def times_counted(snapshots: Sequence[Snapshot], specs: Sequence[str]) -> Counter[Times]:
    """How many children stand so and so many times in each of the files: (1, 0) is once in the first alone.

    One pass over the frozen children, whatever their number of districts.
    """
    names = ", ".join(f"times_{place}" for place, _ in enumerate(specs))
    each = ", ".join(f"count(*) FILTER (WHERE file = %s) AS times_{place}" for place, _ in enumerate(specs))
    query = f"""SELECT {names}, count(*) FROM (
            SELECT {each} FROM reports_snapshotchild WHERE snapshot_id = ANY (%s) AND counted
            GROUP BY student_id) child
        GROUP BY {names}"""  # noqa: S608  our own words
    with connection.cursor() as cursor:
        cursor.execute(query, [*specs, [snapshot.pk for snapshot in snapshots]])
        return Counter({tuple(row[:-1]): row[-1] for row in cursor.fetchall()})


def sums_of(counted: Counter[Times], specs: Sequence[str]) -> list[Sum]:
    return [
        Sum(
            spec,
            districts=sum(times[place] * n for times, n in counted.items()),
            children=sum(n for times, n in counted.items() if times[place]),
        )
        for place, spec in enumerate(specs)
    ]


def in_two(counted: Counter[Times]) -> int:
    """Children that two counts hold as counted: none, unless a count is older than a transfer."""
    return sum(n for times, n in counted.items() if sum(times) > 1)
