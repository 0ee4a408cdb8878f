"""A district's own ODS: set up, checked, read now or every night, and what its values mean here."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from edfi.access import check_may_set_up, districts_to_read, why_not_set_up_at
from edfi.actions import ods as verbs
from edfi.actions.check_ods import check_ods
from edfi.actions.pull import ask_for_pull
from edfi.forms_of_ods import OdsForm
from edfi.models import DistrictOds, OdsPull, OdsValue, PullState
from enrollment.access import check_may_feed
from enrollment.views.district_year import DistrictYear, chosen_district_year
from security.models import User
from security.refusals import RuleBroken
from security.views.tried import did, tried
from ui.lists import Column, ListState, Page, take
from ui.parts import Cell, Status

PULLS = (
    Column("asked", "Read", "asked_at"),
    Column("state", "State", "state"),
    Column("shown", "Enrollments", numeric=True),
    Column("changes", "Records asked for", numeric=True),
    Column("why", "What was found"),
    Column("load", "Feed"),
)
TONES = {
    PullState.READING: "info", PullState.HANDED: "good", PullState.SAME: "quiet", PullState.FAILED: "bad",
}  # fmt: skip
LONGEST_ID = 19  # digits of a number that the database takes
NOT_SET_UP = "The ODS is not set up yet: enter its address, key and secret first."


@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    place = _place(request)
    if request.method == "POST":
        check_may_set_up(request.user, place.district)
    ods = _ods(place)
    form = OdsForm(request.POST or None, ods=ods)
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(
        form, lambda: verbs.keep_ods(by=request.user, district=place.district, setup=form.setup())
    ):
        messages.success(request, "The ODS is set up. Next: check the connection, then read it.")
        return _back(place)
    return _page(request, place, form=form)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Asks the ODS everything that can be asked, and keeps nothing."""
    place = _place(request)
    ods = _ods(place)
    if ods is None:
        messages.error(request, NOT_SET_UP)
        return _back(place)
    return _page(request, place, checks=check_ods(ods, place.year))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """Leads to the job, where it can be followed."""
    place, whole = _place(request), "whole" in request.POST
    try:
        pull = ask_for_pull(by=request.user, district=place.district, year=place.year, whole=whole)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return _back(place)
    return redirect("jobs:job", pull.job_id)


@require_POST
def nightly(request: HttpRequest) -> HttpResponse:
    place = _place(request)
    if request.POST.get("on") == "yes":
        deed, said = verbs.read_nightly, "From tonight on the ODS is read every night in your name."
    else:
        deed, said = verbs.leave_unread, "The ODS is no longer read by night, and the copy of it is removed."
    did(request, lambda: deed(by=request.user, district=place.district), said)
    return _back(place)


@require_POST
def meanings(request: HttpRequest) -> HttpResponse:
    """Of all values of the page at once: `means-<id of the value>`."""
    place = _place(request)
    check_may_feed(request.user, place.district)
    if ods := _ods(place):
        said = {int(pk): code for name, code in request.POST.items() if (pk := _value_of(name))}
        deed = lambda: verbs.say_meanings(by=request.user, ods=ods, year=place.year, said=said)  # noqa: E731
        did(request, deed, "The meanings are kept. They hold from the next reading on.")
    else:
        messages.error(request, NOT_SET_UP)
    return _back(place)


def _value_of(name: str) -> str:
    number = name.removeprefix("means-")
    return number if number != name and number.isdecimal() and len(number) < LONGEST_ID else ""


def _place(request: HttpRequest) -> DistrictYear:
    return chosen_district_year(request, districts_to_read)


def _ods(place: DistrictYear) -> DistrictOds | None:
    return DistrictOds.objects.select_related("district__state").filter(district=place.district).first()


def _back(place: DistrictYear) -> HttpResponse:
    return redirect(f"{reverse('edfi:ods')}?{place.query}")


def _page(request: HttpRequest, place: DistrictYear, **more: object) -> HttpResponse:
    ods = _ods(place)
    state = ListState.read(request.GET, PULLS, filters=place.filters, default_sort="-asked")
    rows = OdsPull.objects.filter(ods=ods, school_year=place.year).select_related("load")
    page = take(rows.order_by(*state.order_by()), state)
    values = _values(place, ods) if ods else []
    context = {
        "place": place, "ods": ods, "form": OdsForm(ods=ods), "values": values,
        "unsaid": sum(1 for value, _ in values if not value.code and value.uses),
        "page": Page(page.state, [_pull_row(pull) for pull in page.rows], page.count, page.has_next),
        "why_not": why_not_set_up_at(request.user, place.district),
        "in_whose_name": ods and ods.by_id and User.objects.filter(pk=ods.by_id).first(),
        "busy": next((pull for pull in page.rows if pull.state == PullState.READING), None), **more,
    }  # fmt: skip
    failed = getattr(more.get("form"), "errors", None)
    return render(request, "edfi/ods.html", context, status=400 if failed else 200)


def _values(place: DistrictYear, ods: DistrictOds) -> list[tuple[OdsValue, list[tuple[str, str]]]]:
    """What waits for its meaning first, the most used before others; each with what it may mean."""
    rows = sorted(ods.values.all(), key=lambda value: (bool(value.code), value.kind, -value.uses, value.uri))
    options = {kind: verbs.meanings(place.district, place.year, kind) for kind in {row.kind for row in rows}}
    return [(row, options[row.kind]) for row in rows if row.uses or row.code]


def _pull_row(pull: OdsPull) -> dict[str, object]:
    asked = timezone.localtime(pull.asked_at).strftime("%b %-d, %Y, %H:%M")
    counts = pull.counts
    return {
        "asked": Cell(asked, sub="by night" if pull.nightly else ""),
        "state": Cell(status=Status(TONES[PullState(pull.state)], pull.get_state_display())),
        "shown": counts.get("lines", ""),
        "changes": Cell(counts.get("changes", ""), sub=_how(pull)),
        "why": " ".join(filter(None, (pull.why, *_left_out(counts)))),
        "load": Cell(f"Feed {pull.load_id}", pull.load.get_absolute_url()) if pull.load else "",
    }


def _how(pull: OdsPull) -> str:
    if not pull.counts:
        return ""
    return "everything" if pull.whole else "what changed"


def _left_out(counts: dict) -> list[str]:
    """What a reading passed over, in words."""
    said = []
    if other := counts.get("other_years"):
        said.append(f"{other:,} enrollments of other school years are left out.")
    if other := counts.get("other_districts"):
        said.append(f"{other:,} at schools of other districts are left out.")
    if strange := counts.get("strange_schools"):
        named = ", ".join(f"{name}: {number:,}" for name, number in strange.items())
        said.append(f"Enrollments at schools without their Ed-Fi number here: {named}.")
    return said
