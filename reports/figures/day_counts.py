"""The numbers of each day: counted at night, kept, and read by the dashboard."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from organizations.measures import Measure, measures
from organizations.models import District, State
from reports.models import DayCount

EACH_DAY = timedelta(weeks=5)
WEEKS = 26
SUNDAY = 1  # as PostgreSQL and Django count


@dataclass(frozen=True)
class Figures:
    """One measure at one place: the latest numbers by key, and those of each week, the oldest first."""

    measure: Measure
    numbers: dict[str, int]
    by_week: dict[date, dict[str, int]]

    @property
    def total(self) -> int:
        return sum(self.numbers.values())

    @property
    def weeks(self) -> list[tuple[date, int]]:
        """The sum of the trend's keys, week by week."""
        is_in_trend = self.measure.is_in_trend
        return [
            (day, sum(n for key, n in numbers.items() if is_in_trend(key)))
            for day, numbers in self.by_week.items()
        ]


@transaction.atomic
def count_the_day(day: date) -> int:
    """Counts every measure for every district and state, again where it was. Returns how many numbers."""
    rows = [row for measure in measures() for row in _counted(measure, day)]
    DayCount.objects.filter(day=day).delete()
    DayCount.objects.bulk_create(rows, batch_size=5_000)
    _thin_out(day)
    return len(rows)


def figures(state: State, district: District | None) -> tuple[date | None, list[Figures]]:
    """The day of the latest numbers, and each measure; the place is a district or the whole state."""
    rows = DayCount.objects.filter(of_state=state, district=district)
    last = rows.order_by("-day").values_list("day", flat=True).first()
    if last is None:
        return None, []
    by_measure: dict[str, dict[date, dict[str, int]]] = defaultdict(lambda: defaultdict(dict))
    for slug, day, key, n in rows.filter(day__in=_weeks_to(last)).values_list("measure", "day", "key", "n"):
        by_measure[slug][day][key] = n
    return last, [_figures(measure, by_measure[measure.slug], last) for measure in measures()]


def _figures(measure: Measure, days: dict[date, dict[str, int]], last: date) -> Figures:
    latest = days.get(last, {})
    known = {key: latest[key] for key in measure.words() if key in latest}
    rest = {key: n for key, n in latest.items() if key not in known}
    return Figures(measure, {**known, **rest}, dict(sorted(days.items())))


def _weeks_to(last: date) -> list[date]:
    """The last day itself, and the Sundays before it, which are kept."""
    sunday = last - timedelta(days=last.isoweekday() % 7)
    return [last, *(sunday - timedelta(weeks=week) for week in range(WEEKS))]


def _counted(measure: Measure, day: date) -> Iterator[DayCount]:
    states = dict(District.objects.values_list("pk", "state"))
    of_states: Counter[tuple[int, str]] = Counter()
    for district, key, n in measure.count(day):
        of_states[states[district], key] += n
        yield DayCount(
            of_state_id=states[district], district_id=district, day=day, measure=measure.slug, key=key, n=n
        )
    for (state, key), n in of_states.items():
        yield DayCount(of_state_id=state, day=day, measure=measure.slug, key=key, n=n)


def _thin_out(day: date) -> None:
    """Older than five weeks, the Sundays stay."""
    DayCount.objects.filter(day__lt=day - EACH_DAY).exclude(day__week_day=SUNDAY).delete()
