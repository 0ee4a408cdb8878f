"""The count of the year before, and what changed since, by the federal thresholds."""

from datetime import timedelta

from reports.federal.tallies import cells_of_snapshot
from reports.models import Snapshot
from reports.rules.federal.comparison import YearToYear, year_to_year
from reports.rules.federal.tables import submission_year

A_YEAR, ABOUT = timedelta(days=365), timedelta(days=62)  # the count date may move from October to December


def year_before(snapshot: Snapshot) -> Snapshot | None:
    """The certified count of the same kind about a year earlier; the nearest, where there are several."""
    wanted = snapshot.day - A_YEAR
    rows = Snapshot.objects.standing().filter(
        district=snapshot.district_id, kind=snapshot.kind, certified_at__isnull=False,
        day__range=(wanted - ABOUT, wanted + ABOUT),
    )  # fmt: skip
    return min(rows, key=lambda row: abs(row.day - wanted), default=None)


def lines_of(snapshot: Snapshot, before: Snapshot, spec: str) -> list[YearToYear]:
    """Each cell of the one-way subtotals and the total in both years."""
    year = submission_year(snapshot.day)
    return year_to_year(spec, year, cells_of_snapshot(before, spec), cells_of_snapshot(snapshot, spec))
