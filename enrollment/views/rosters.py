"""Rosters: who was on it on a day, as known at an instant; and what lies between two of them."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.facts import profile_of
from enrollment.queries.roster_difference import Change, difference
from enrollment.queries.rosters import Asked, Group, Member, Members, Roster, groups
from enrollment.rules.codes import entry_code
from enrollment.views.exports import exports
from enrollment.views.place import Place, chosen_day, chosen_place, known_at
from organizations.rules.profiles import Profile
from students.facts import child_cell, grade_choices, grade_short, grouped
from ui.dates import in_words, moment_in_words
from ui.lists import Column, Count, Filter, ListState, Page, take
from ui.parts import Cell

ROSTERS = (
    (Roster.ENROLLMENT.value, "State enrollment roster"),
    (Roster.SPECIAL_EDUCATION.value, "Special education roster"),
)
COLUMNS = (
    Column("student", "Student"),
    Column("school", "School"),
    Column("grade", "Grade"),
    Column("since", "Since"),
    Column("entry", "Entry code"),
)
GROUPS = (Column("school", "School"), Column("grade", "Grade"), Column("n", "Children", numeric=True))
CHANGES = (
    Column("student", "Student"),
    Column("school", "School"),
    Column("why", "Why"),
    Column("day", "From"),
    Column("recorded", "Recorded"),
)


@require_safe
def roster(request: HttpRequest) -> HttpResponse:
    place = chosen_place(request)
    state = ListState.read(request.GET, COLUMNS, filters=filters(place))
    asked, misread = asked_from(request, place, state, "day", "known")
    counted = groups(asked)
    total = sum(group.n for group in counted)
    page = take(Members(asked, total), state, Count(total))
    request.user.saw_among_others([row.student.pk for row in page.rows], "roster")
    names, profile = dict(place.sites), profile_of(place.district)
    context = {
        "place": place,
        "asked": asked,
        "misread": misread,
        "title": dict(ROSTERS)[asked.roster.value],
        "meta": f"{total:,} on {in_words(asked.day)}",
        "state": state,
        "page": Page(
            page.state, [row_of(row, names, profile) for row in page.rows], page.count, page.has_next
        ),
        "groups": Page(
            ListState(GROUPS), [group_of(row, names, state) for row in counted], Count(len(counted)), False
        ),
        "difference": reverse("enrollment:roster_difference") + state.url(),
        "exports": exports(request.user, "roster", state, **at(place)),
    }
    return render(request, "enrollment/rosters/roster.html", context)


def at(place: Place) -> dict[str, object]:
    """Said in the address of a file, also where the page has chosen it by itself."""
    return {"district": place.district.pk, "site": place.site and place.site.pk}


def filters(place: Place) -> tuple[Filter, ...]:
    return (
        Filter("roster", "Roster", ROSTERS),
        *([Filter("district", "District", place.districts)] if len(place.districts) > 1 else []),
        Filter("site", "School", place.sites),
        Filter("grade", "Grade", grade_choices()),
        Filter("day", "On this day"),
        Filter("known", "As known at the end of"),
    )


def asked_from(
    request: HttpRequest, place: Place, state: ListState, day: str, known: str
) -> tuple[Asked, list[str]]:
    """What is asked for, and a sentence for each day that was not understood."""
    on, trouble = chosen_day(request, day)
    instant, other = known_at(request, known)
    asked = Asked(
        place.district.pk, on, instant, Roster(state.chosen.get("roster", Roster.ENROLLMENT)),
        place.site.pk if place.site else None, state.chosen.get("grade", ""),
    )  # fmt: skip
    return asked, [words for words in (trouble, other) if words]


def row_of(row: Member, sites: dict[str, str], profile: Profile) -> dict[str, object]:
    child, known = row.student, entry_code(profile, row.entry_code or "")
    return {
        "student": child_cell(child, sub=grouped(child.state_student_id)),
        "school": sites.get(str(row.site_id), ""),
        "grade": grade_short(row.grade or ""),
        "since": row.first_day,
        "entry": Cell(row.entry_code or "", sub=known.meaning if known else ""),
    }  # fmt: skip


def group_of(group: Group, sites: dict[str, str], state: ListState) -> dict[str, object]:
    query = {"site": str(group.site_id or ""), "grade": group.grade}
    return {
        "school": sites.get(str(group.site_id), "No school"),
        "grade": grade_short(group.grade) or "none",
        "n": Cell(group.n, state.url(**query)),
    }


@require_safe
def roster_difference(request: HttpRequest) -> HttpResponse:
    """From the roster of one day and instant to that of another."""
    place = chosen_place(request)
    offered = (*filters(place), Filter("day2", "And on this day"), Filter("known2", "As known at the end of"))
    state = ListState.read(request.GET, CHANGES, filters=offered)
    before, misread = asked_from(request, place, state, "day", "known")
    after, trouble = asked_from(request, place, state, "day2", "known2")
    changes, more = difference(before, after)
    request.user.saw_among_others([row.student.pk for row in changes], "roster difference")
    names = dict(place.sites)
    context = {
        "place": place, "before": before, "after": after, "misread": [*misread, *trouble], "state": state,
        "left": [change_of(row, names) for row in changes if not row.came],
        "came": [change_of(row, names) for row in changes if row.came], "more": more,
        "title": dict(ROSTERS)[before.roster.value],
        "exports": exports(request.user, "roster-difference", state, **at(place)),
    }  # fmt: skip
    return render(request, "enrollment/rosters/difference.html", context)


def change_of(row: Change, sites: dict[str, str]) -> dict[str, object]:
    at = moment_in_words(timezone.localtime(row.recorded_at)) if row.recorded_at else ""
    return {
        "student": child_cell(row.student, sub=grouped(row.student.state_student_id)),
        "school": sites.get(str(row.site_id), ""),
        "why": row.why,
        "day": row.day or "",
        "recorded": Cell(at, sub=f"by {row.by}" if row.by else ""),
    }  # fmt: skip
