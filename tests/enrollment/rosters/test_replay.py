"""For random histories the roster of a day, as known at an instant, is what a naive replay says."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.models import Enrollment, SpecialEducationActivity
from enrollment.queries.rosters import Asked, Roster, student_ids
from security import scope
from tests import factories as make

START = date(2026, 8, 10)
COLUMNS = ("id", "student_id", "district_id", "stage", "no_show", "first_day", "exit_code", "last_day")
EVERY_DAY = [START + timedelta(days=n) for n in range(5)]
DAYS = st.sampled_from(EVERY_DAY)
# Entries and exits come twice as often, and few children share them: otherwise most steps find nothing to do.
DEEDS = (
    *("enter", "exit", "again", "special") * 2, "ended", "open", "move", "take back", "no-show", "neighbour",
)  # fmt: skip
CHILDREN = 2
STEPS = st.lists(
    st.tuples(
        st.sampled_from(DEEDS), st.integers(0, CHILDREN - 1), DAYS, st.sampled_from(["1941", "2040", "1984"])
    ),
    min_size=8,
    max_size=14,
)  # fmt: skip


@dataclass
class History:
    """What stood in the tables after each step, by the instant."""

    known: list[tuple[datetime, list[dict], list[dict]]] = field(default_factory=list)

    def remember(self) -> None:
        with scope.system(), connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            at = cursor.fetchone()[0]
            rows = list(Enrollment.objects.values(*COLUMNS))
            activities = list(SpecialEducationActivity.objects.values())
        self.known.append((at, rows, activities))


@pytest.fixture
def place(own_database: str) -> SimpleNamespace:
    mine, theirs = make.DistrictFactory(), make.DistrictFactory()
    sites = [make.SiteFactory(district=mine) for _ in range(2)]
    neighbour = make.SiteFactory(district=theirs)
    return SimpleNamespace(mine=mine, theirs=theirs, sites=sites, neighbour=neighbour)


@pytest.mark.rule("OSSE-R10.05")
@pytest.mark.rule("OSSE-R4.04")
@settings(
    max_examples=15,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(steps=STEPS, day=DAYS)
def test_the_roster_of_a_day_as_known_at_an_instant_is_what_a_replay_says(place, steps, day):
    forget()
    children = [make.StudentFactory() for _ in range(CHILDREN)]
    history = History()
    for name, which, on, code in steps:
        take_step(place, name, children[which], on, code)
        history.remember()
    for known in history.known:
        assert on_rosters(place.mine.pk, day, known[0]) == replayed(place.mine.pk, day, *known[1:])
    at, *rows = history.known[-1]
    for every_day in EVERY_DAY:  # the days of exits among them
        assert on_rosters(place.mine.pk, every_day, at) == replayed(place.mine.pk, every_day, *rows)


def on_rosters(district: int, day: date, at: datetime) -> tuple[set[int], set[int]]:
    """The children on SLED and on SEDS, as the product says."""
    asked = {"district_id": district, "day": day, "known_at": at}
    with scope.system():
        sled = student_ids(Asked(**asked))
        return sled, student_ids(Asked(**asked, roster=Roster.SPECIAL_EDUCATION))


def replayed(district: int, day: date, rows: list[dict], activities: list[dict]) -> tuple[set[int], set[int]]:
    """The same by going through the rows as they stood then."""
    sled = {row["student_id"] for row in rows if on_sled(row, district, day)}
    return sled, {row["student_id"] for row in activities if on_seds(row, district, day)}


def on_sled(row: dict[str, Any], district: int, day: date) -> bool:
    if row["district_id"] != district or row["stage"] != 5 or row["no_show"] or row["first_day"] > day:
        return False
    last = row["last_day"]
    return last is None or last > day or (last == day and row["exit_code"] == "2040")


def on_seds(row: dict[str, Any], district: int, day: date) -> bool:
    ended = row["last_day"] is not None and row["last_day"] <= day
    return row["district_id"] == district and row["first_day"] <= day and not ended


def forget() -> None:
    with scope.system():
        Enrollment.objects.all().delete()
        SpecialEducationActivity.objects.all().delete()


def take_step(place: SimpleNamespace, name: str, child, on: date, code: str) -> None:
    """A step that the tables refuse is not taken."""
    try:
        with scope.system(), transaction.atomic():
            _step(place, name, child, on, code)
    except IntegrityError:
        pass


def _step(place: SimpleNamespace, name: str, child, on: date, code: str) -> None:
    mine = Enrollment.objects.filter(student=child, district=place.mine).order_by("-first_day", "-pk")
    last = mine.first()
    activity = SpecialEducationActivity.objects.filter(student=child, last_day=None)
    match name:
        case "enter" | "again":
            site = place.sites[name == "again"]
            new = {"student": child, "district": place.mine, "site": site, "entry_code": "1880"}
            Enrollment.objects.create(**new, first_day=on, stage=4 if code == "1984" else 5)
        case "neighbour":
            there = {"district": place.theirs, "site": place.neighbour, "entry_code": "1880"}
            Enrollment.objects.create(student=child, **there, first_day=on)
        case "special":
            activity.exists() or activity.create(student=child, district=place.mine, first_day=on)
        case "ended":
            activity.filter(first_day__lte=on).update(last_day=on)
        case _ if last:
            _correct(place, name, mine.filter(pk=last.pk), on, code)


def _correct(place: SimpleNamespace, name: str, row, on: date, code: str) -> None:
    match name:
        case "exit":
            row.update(last_day=on, exit_code=code)
        case "open":
            row.update(last_day=None, exit_code="")
        case "move":
            row.update(first_day=on)
        case "take back":
            row.delete()
        case "no-show":
            row.update(no_show=True)
