"""How many findings each run had, by rule or by district: numbers of the latest runs, side by side."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet
from django.utils import timezone

from migration.findings_access import districts_of, runs_the_rollover
from migration.models import Finding, LoadRun
from migration.rules.findings import Severity, quality_rules
from organizations.models import District
from security.models import User

RUNS = 8
BY_RULE, BY_DISTRICT = "rule", "district"


@dataclass(frozen=True)
class Row:
    """A rule or a district, with its number of each run, oldest first."""

    key: str
    label: str
    sub: str
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class OverRuns:
    """`by_severity`: for each severity its number of each run."""

    runs: tuple[int, ...]
    days: tuple[str, ...]
    by_severity: dict[Severity, tuple[int, ...]]
    rows: tuple[Row, ...]

    @property
    def totals(self) -> tuple[int, ...]:
        return tuple(map(sum, zip(*self.by_severity.values(), strict=True)))


def findings_seen_by(user: User) -> QuerySet[Finding]:
    rows = Finding.objects.exclude(record_type="run")
    return rows if runs_the_rollover(user) else rows.filter(district__in=districts_of(user))


def over_runs(user: User, *, by: str, rule: str = "", district: str = "") -> OverRuns:
    """The latest runs that found anything, or were checked and found nothing; two queries and the names."""
    runs = list(LoadRun.objects.exclude(chunks=0).order_by("-started_at", "-pk")[:RUNS])[::-1]
    found = findings_seen_by(user).filter(run__in=runs)
    found = found.filter(rule=rule) if rule else found
    found = found.filter(district_id=district) if district else found
    counted: dict[tuple, int] = defaultdict(int)
    for row in found.order_by().values("run_id", "rule", "district_id", "severity").annotate(n=Count("pk")):
        counted[row["run_id"], "severity", row["severity"]] += row["n"]
        counted[row["run_id"], by, str(row["rule"] if by == BY_RULE else row["district_id"] or "")] += row[
            "n"
        ]
    ids = tuple(run.pk for run in runs)
    return OverRuns(
        runs=ids,
        days=tuple(_day(run) for run in runs),
        by_severity={
            severity: tuple(counted.get((pk, "severity", severity.value), 0) for pk in ids)
            for severity in Severity
        },
        rows=_rows(counted, by, ids),
    )


def _day(run: LoadRun) -> str:
    """By the clock of the reader, as every other page says it."""
    started = timezone.localtime(run.started_at)
    return f"{started:%b} {started.day}"


def _rows(counted: dict[tuple, int], by: str, runs: tuple[int, ...]) -> tuple[Row, ...]:
    keys = {key for _, what, key in counted if what == by}
    names = _names(by, keys)
    rows = [Row(key, *names[key], tuple(counted.get((pk, by, key), 0) for pk in runs)) for key in keys]
    return tuple(sorted(rows, key=lambda row: (tuple(-n for n in reversed(row.numbers)), row.label)))


def _names(by: str, keys: set[str]) -> dict[str, tuple[str, str]]:
    if by == BY_RULE:
        return {key: (key, quality_rules()[key].title) for key in keys}
    districts = District.objects.in_bulk([int(key) for key in keys if key])
    return {"": ("No district", "")} | {
        str(pk): (str(district), district.code) for pk, district in districts.items()
    }
