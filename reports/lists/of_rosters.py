"""Rosters and what is computed over a year as files: as known at an instant, cohort, dropout."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from django.utils import timezone

from enrollment.queries.cohort import cohort_of
from enrollment.queries.dropout import year_ends
from enrollment.queries.roster_difference import difference
from enrollment.queries.rosters import Asked, Roster, lines
from organizations.models import District, Site
from reports.lists.cells import Kind
from reports.lists.children import THE_CHILD, told, told_of
from reports.lists.listing import List, Rows
from reports.lists.of_enrollment import year_of
from security.scope import Scope
from ui.dates import DateNotUnderstood, read_day
from ui.lists import Filter

DROPPED, STAYED = "counts as dropout", "does not count"
Chosen = Mapping[str, str]


def passed_on(rows: Rows, value: str) -> Rows:
    """For filters that `rows` has applied."""
    return rows


def filters(*named: tuple[str, str] | tuple[str, str, bool]):
    """Text boxes of the page; the third says that the value is the number of a row."""
    return tuple((Filter(name, label, numeric=bool(more)), passed_on) for name, label, *more in named)


def district_of(scope: Scope, chosen: Chosen) -> District | None:
    """The one chosen, where the scope reaches it or a school of it; else the first that is reached."""
    rows = District.objects.select_related("state").order_by("name")
    if not scope.everything:
        rows = rows.filter(pk__in=scope.district_ids) | rows.filter(sites__in=scope.site_ids)
    return rows.filter(pk=int(chosen["district"])).first() if "district" in chosen else rows.first()


def asked_of(scope: Scope, chosen: Chosen, day: str, known: str) -> Asked | None:
    """The roster that the page shows for the same words."""
    district = district_of(scope, chosen)
    if district is None:
        return None
    sites = Site.objects.filter(pk=int(chosen.get("site", 0)))
    site = sites.values_list("pk", flat=True).first()
    if not scope.everything and district.pk not in scope.district_ids and site not in scope.site_ids:
        site = scope.site_ids[0]
    special = chosen.get("roster") == Roster.SPECIAL_EDUCATION
    roster = Roster.SPECIAL_EDUCATION if special else Roster.ENROLLMENT
    return Asked(
        district.pk, _day(chosen, day), _end_of(chosen, known), roster, site, chosen.get("grade", "")
    )


def _day(chosen: Chosen, name: str):
    today = timezone.localdate()
    try:
        return read_day(chosen[name], today) if name in chosen else today
    except DateNotUnderstood:
        return today


def _end_of(chosen: Chosen, name: str) -> datetime:
    end = datetime.combine(_day(chosen, name) + timedelta(days=1), time())
    return min(timezone.make_aware(end), timezone.now())


def schools() -> dict[int | None, str]:
    return dict(Site.objects.values_list("pk", "name"))


def on_roster(scope: Scope, chosen: Chosen) -> Rows:
    asked = asked_of(scope, chosen, "day", "known")
    if asked is None:
        return told_of(scope, {})
    named = schools()
    return told_of(scope, {
        pk: {"school": named.get(site, ""), "grade": grade, "entry_code": entry, "since": first}
        for pk, _, site, grade, entry, first in lines(asked)
    })  # fmt: skip


WHICH = (
    ("roster", "Roster"), ("district", "District", True), ("site", "School", True), ("grade", "Grade"),
    ("day", "On this day"), ("known", "As known at the end of"),
)  # fmt: skip
ROSTER = List(
    "roster",
    "Roster",
    "Who was on the enrollment or the special education roster on a day, as known at an instant.",
    (*THE_CHILD, told("School"), told("Grade"), told("Entry code"), told("Since", Kind.DAY)),
    on_roster,
    filters(*WHICH),
    page="enrollment:roster",
    default_sort="student",
    student="pk",
    listed=False,
)


def between_rosters(scope: Scope, chosen: Chosen) -> Rows:
    before, after = (asked_of(scope, chosen, *at) for at in (("day", "known"), ("day2", "known2")))
    if before is None or after is None:
        return told_of(scope, {})
    named, (changes, _) = schools(), difference(before, after, most=None)
    return told_of(scope, {
        row.student.pk: {
            "change": "came" if row.came else "left", "school": named.get(row.site_id, ""), "why": row.why,
            "day": row.day, "recorded": row.recorded_at and timezone.localdate(row.recorded_at),
        }
        for row in changes
    })  # fmt: skip


DIFFERENCE = List(
    "roster-difference",
    "Who came, who left",
    "The children who are on one of two rosters only, and why.",
    (
        *THE_CHILD, told("Change"), told("School"), told("Why"), told("Day", Kind.DAY),
        told("Recorded", Kind.DAY),
    ),
    between_rosters,
    filters(*WHICH, ("day2", "And on this day"), ("known2", "As known at the end of")),
    page="enrollment:roster_difference",
    default_sort="student",
    student="pk",
    listed=False,
)  # fmt: skip


def computed(scope: Scope, chosen: Chosen, found: Iterable[Any], stands) -> Rows:
    """Lines of cohort and dropout, narrowed as on their pages."""
    said = {
        each.student_id: {
            "grade": each.grade, "exit_code": each.exit_code, "last_day": each.last_day,
            "stands": stands(each),
        }
        for each in found
    }  # fmt: skip
    wanted = {name: chosen[name] for name in ("grade", "stands") if name in chosen}
    return told_of(scope, {pk: line for pk, line in said.items() if wanted.items() <= line.items()})


def in_cohort(scope: Scope, chosen: Chosen) -> Rows:
    district = district_of(scope, chosen)
    found = cohort_of(district, year_of(chosen).last_day.year) if district else ()
    return computed(scope, chosen, found, lambda member: member.standing.value)


def at_year_end(scope: Scope, chosen: Chosen) -> Rows:
    district = district_of(scope, chosen)
    found = year_ends(district, year_of(chosen)) if district else ()
    return computed(scope, chosen, found, lambda end: DROPPED if end.dropped_out else STAYED)


OF_A_YEAR = filters(
    ("district", "District", True), ("year", "School year"), ("stands", "Stands"), ("grade", "Grade")
)
COMPUTED = (*THE_CHILD, told("Grade"), told("Exit code"), told("Last day", Kind.DAY), told("Stands"))
COHORT = List(
    "cohort",
    "Graduation cohort",
    "The members of a graduation cohort, and how each stands.",
    COMPUTED,
    in_cohort,
    OF_A_YEAR,
    page="enrollment:cohort",
    default_sort="student",
    student="pk",
    listed=False,
)
DROPOUTS = List(
    "dropouts",
    "Youth dropout",
    "Students of grades 7 to 12 by the last status of a school year.",
    COMPUTED,
    at_year_end,
    OF_A_YEAR,
    page="enrollment:dropouts",
    default_sort="student",
    student="pk",
    listed=False,
)
