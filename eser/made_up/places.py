"""The places of the demonstration state, from districts.csv and sites.csv."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from organizations.models import (
    Calendar,
    ClosedDay,
    District,
    SchoolYear,
    Site,
    SiteAffiliation,
    SiteKind,
    State,
)
from organizations.rules.calendar import school_year_of
from organizations.rules.profiles import Profile, state_profile
from rulebook.tables import read_table

HERE = Path(__file__).parent
STATE_CODE = "DEMO"
AFFILIATED_SINCE = date(2001, 8, 1)
YEARS_KNOWN = 3


@dataclass(frozen=True)
class DistrictRow:
    code: str
    name: str
    kind: str
    students: int
    edfi_id: int
    authority: str


@dataclass(frozen=True)
class SiteRow:
    code: str
    name: str
    kind: SiteKind
    district: str
    lowest_grade: str
    highest_grade: str
    authority: str


@cache
def district_rows() -> tuple[DistrictRow, ...]:
    return read_table(HERE / "districts.csv", DistrictRow)


@cache
def site_rows() -> tuple[SiteRow, ...]:
    return read_table(HERE / "sites.csv", SiteRow)


def build(today: date) -> State:
    """The state with its districts, sites, affiliations and the calendars of the last years."""
    profile = state_profile(Profile.DEMO)
    state = State.objects.create(
        code=STATE_CODE, name=profile.name, profile=profile.profile, time_zone=profile.time_zone
    )
    districts = {row.code: _district(state, row) for row in district_rows()}
    for row in site_rows():
        _site(state, row, districts[row.district])
    for back in range(YEARS_KNOWN):
        _year(state, districts.values(), school_year_of(today).first_day.year - back)
    return state


def _district(state: State, row: DistrictRow) -> District:
    return District.objects.create(
        state=state, code=row.code, name=row.name, kind=row.kind, edfi_id=row.edfi_id
    )


def _site(state: State, row: SiteRow, district: District) -> None:
    public = row.kind == SiteKind.PUBLIC
    site = Site.objects.create(
        state=state,
        code=row.code,
        name=row.name,
        kind=row.kind,
        district=district if public else None,
        edfi_id=255_000_000 + int(row.code),
        first_day=date(1990, 1, 1),
        last_day=date(2016, 6, 30) if "(closed)" in row.name else None,
    )
    if not public:
        SiteAffiliation.objects.create(site=site, district=district, first_day=AFFILIATED_SINCE)


def _year(state: State, districts, first_year: int) -> None:
    year = SchoolYear.objects.create(
        state=state,
        name=f"{first_year}-{(first_year + 1) % 100:02}",
        first_day=date(first_year, 7, 1),
        last_day=date(first_year + 1, 6, 30),
    )
    for district in districts:
        calendar = Calendar.objects.create(
            district=district,
            school_year=year,
            name="Regular",
            first_school_day=date(first_year, 8, 10),
            last_school_day=date(first_year + 1, 5, 21),
        )
        ClosedDay.objects.bulk_create(
            ClosedDay(calendar=calendar, day=day, reason=reason) for day, reason in _closed(first_year)
        )


def _closed(first_year: int) -> list[tuple[date, str]]:
    """Weekdays without school: Labor Day, Thanksgiving week, winter and spring break."""
    labor_day = next(d for d in _days(date(first_year, 9, 1), 7) if d.weekday() == 0)
    fourth_thursday = [d for d in _days(date(first_year, 11, 1), 30) if d.weekday() == 3][3]
    thanksgiving = _days(fourth_thursday - timedelta(days=3), 5)
    winter = _days(date(first_year, 12, 21), 14)
    spring = _days(date(first_year + 1, 4, 5), 7)
    named = [
        ([labor_day], "Labor Day"),
        (thanksgiving, "Thanksgiving"),
        (winter, "Winter break"),
        (spring, "Spring break"),
    ]
    return [(day, reason) for days, reason in named for day in days if day.weekday() < 5]


def _days(first: date, count: int) -> list[date]:
    return [first + timedelta(days=n) for n in range(count)]
