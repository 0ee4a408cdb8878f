"""The feeds of a district: sending one, its dry run, the decision, and the data dictionary."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrollment.access import check_may_feed, districts_to_feed
from enrollment.actions.feed import refuse_feed, send_feed, start_loading
from enrollment.actions.feed_pickup import leave_alone, take_up_nightly
from enrollment.actions.feed_undo import start_undoing
from enrollment.forms.mapping import FeedForm, ReasonForm
from enrollment.models import ED_FI, YEAR_END, FeedFolder, FeedLoad, FeedRow, FeedState
from enrollment.rules.feed import Does, columns, files, layout
from enrollment.views.district_year import DistrictYear, chosen_district_year
from enrollment.views.exports import exports
from jobs.models import Job
from security.models import User
from security.refusals import RuleBroken
from security.views.tried import tried
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell, Status

LOADS = (
    Column("sent", "Sent", "sent_at"),
    Column("state", "State", "state"),
    Column("year", "School year"),
    Column("new", "New", numeric=True),
    Column("attends", "Came", numeric=True),
    Column("exit", "Exits", numeric=True),
    Column("changed", "Changed", numeric=True),
    Column("refused", "Refused", numeric=True),
    Column("missing", "Not in the file", numeric=True),
)
ROWS = (
    Column("line", "Line", "line", numeric=True),
    Column("child", "Student"),
    Column("does", "What it does", "does"),
    Column("entry", "Entry"),
    Column("exit", "Exit"),
    Column("errors", "What is wrong"),
)
TONES = {
    FeedState.CHECKING: "quiet", FeedState.CHECKED: "info", FeedState.HELD: "warn",
    FeedState.LOADED: "good", FeedState.REFUSED: "bad", FeedState.UNDONE: "quiet",
}  # fmt: skip
DEEDS = {
    Does.NEW: "enters", Does.ATTENDS: "comes after its registration", Does.EXIT: "leaves",
    Does.CHANGED: "is changed", Does.REFUSED: "refused", Does.MISSING: "stands here, not in the file",
}  # fmt: skip
DOING = (Does.NEW, Does.ATTENDS, Does.EXIT, Does.CHANGED)
LOOKS = {Does.REFUSED: "bad", Does.MISSING: "warn"}
DOES = Filter(
    "does", "What it does", [("", "Everything"), *((what.value, said) for what, said in DEEDS.items())]
)


def feeds(request: HttpRequest) -> HttpResponse:
    """What was sent, and the form to send the next."""
    place = chosen_district_year(request)
    if "folder" in request.POST:
        return _folder(request, place)
    form = FeedForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid() and (sent := _sent(request, place, form)):
        return redirect("enrollment:feed", sent.pk)
    state = ListState.read(request.GET, LOADS, filters=place.filters, default_sort="-sent")
    rows = FeedLoad.objects.filter(district=place.district).exclude(layout=YEAR_END)
    rows = rows.select_related("school_year")
    page = take(rows.order_by(*state.order_by()), state)
    shown = Page(page.state, [_load_row(load) for load in page.rows], page.count, page.has_next)
    nightly = FeedFolder.objects.filter(district=place.district).first()
    context = {
        "place": place, "page": shown, "form": form, "nightly": nightly,
        "in_whose_name": nightly and User.objects.filter(pk=nightly.by_id).first(),
    }  # fmt: skip
    return render(request, "enrollment/feed/list.html", context)


def _folder(request: HttpRequest, place: DistrictYear) -> HttpResponse:
    """Whether the files of the district's folder are taken up every night."""
    if request.POST["folder"] == "take up":
        take_up_nightly(by=request.user, district=place.district)
        messages.success(request, "From tonight on files in the folder are loaded in your name.")
    else:
        leave_alone(by=request.user, district=place.district)
        messages.success(request, "Files in the folder are no longer taken up.")
    return redirect(f"{reverse('enrollment:feeds')}?{place.query}")


def _sent(request: HttpRequest, place: DistrictYear, form: FeedForm) -> FeedLoad | None:
    sent = {"district": place.district, "year": place.year, "file": form.cleaned_data["file"]}
    return tried(form, lambda: send_feed(by=request.user, **sent)) or None


def _load_row(load: FeedLoad) -> dict[str, object]:
    address = reverse("enrollment:feed", args=[load.pk])
    counted = {
        what.value: Cell(load.counts.get(what.value, ""), f"{address}?does={what.value}") for what in DEEDS
    }
    status = Cell(status=Status(TONES[FeedState(load.state)], load.get_state_display()))
    layout_name = "own layout" if load.layout == "own" else load.layout
    where = "by night" if load.layout == ED_FI else "from the folder"
    layout_name += f", {where}" if load.picked_up else ""
    sent = Cell(timezone.localtime(load.sent_at).strftime("%b %-d, %Y, %H:%M"), address, sub=layout_name)
    return {"sent": sent, "state": status, "year": load.school_year.name, **counted}


@require_safe
def feed(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run, or what the load did: numbers that open their rows."""
    load = _found(request, pk)
    state = ListState.read(request.GET, ROWS, filters=(DOES,), default_sort="line")
    rows = load.rows.all()
    if does := state.chosen.get("does"):
        rows = rows.filter(does=does)
    page = take(rows.order_by(*state.order_by()), state)
    if known := _known_children(page.rows):
        request.user.saw_among_others(known, "feed")
    job = Job.objects.filter(pk=load.job_id).first()
    context = {
        "load": load, "job": job if job and not job.is_over else None, "failed": _failed(job),
        "page": Page(page.state, [_row(row) for row in page.rows], page.count, page.has_next),
        "exports": exports(request.user, "feed-rows", state, load=load.pk),
        "waits": load.state in (FeedState.CHECKED, FeedState.HELD), "form": ReasonForm(),
        "does_something": any(load.counts.get(what.value) for what in DOING),
    }  # fmt: skip
    return render(request, "enrollment/feed/load.html", context)


def _found(request: HttpRequest, pk: int) -> FeedLoad:
    rows: QuerySet[FeedLoad] = FeedLoad.objects.exclude(layout=YEAR_END)
    rows = rows.select_related("district__state", "school_year")
    load = get_object_or_404(rows, pk=pk, district__in=districts_to_feed(request.user))
    check_may_feed(request.user, load.district)
    return load


def _known_children(rows: list[FeedRow]) -> set[int]:
    return {row.student_id for row in rows if row.student_id}


def _failed(job: Job | None) -> str:
    return job.sentence if job and job.state == "FAILED" else ""


def _row(row: FeedRow) -> dict[str, object]:
    said = row.fields
    name = ", ".join(filter(None, (said.get("last_name"), said.get("first_name"))))
    left = " ".join(filter(None, (said.get("exit_code"), said.get("exit_date"))))
    came = " ".join(filter(None, (said.get("entry_code"), said.get("entry_date"))))
    return {
        "line": "" if row.does == Does.MISSING else row.line,
        "child": Cell(name, sub=said.get("state_student_id", "")),
        "does": Cell(status=Status(LOOKS.get(Does(row.does), "info"), DEEDS[Does(row.does)])),
        "entry": Cell(came, sub=f"school {said.get('school_code', '')}"),
        "exit": left,
        "errors": " ".join(row.errors),
    }


@require_POST
def load_it(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(
        request, pk, lambda load, reason: start_loading(by=request.user, load=load, reason=reason)
    )


@require_POST
def refuse_it(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, lambda load, reason: refuse_feed(by=request.user, load=load, reason=reason))


@require_POST
def undo_it(request: HttpRequest, pk: int) -> HttpResponse:
    return _decided(request, pk, lambda load, _: start_undoing(by=request.user, load=load))


def _decided(request: HttpRequest, pk: int, deed: Callable[[FeedLoad, str], FeedLoad]) -> HttpResponse:
    load = _found(request, pk)
    try:
        deed(load, request.POST.get("reason", "")[:200])
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
    return redirect("enrollment:feed", load.pk)


@require_safe
def feed_layout(request: HttpRequest) -> HttpResponse:
    """The data dictionary of the files that are read."""
    tables = [(name, layout(name)) for name in files()]
    return render(request, "enrollment/feed/layout.html", {"own": tables[0][1], "others": tables[1:]})


@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """A file with made-up children, as it must be written."""
    lines = (
        "4100000001,77001,Fontenot,Jules,,2015-03-12,M,06,001001,1880,2026-08-10,,,2026-08-10,,,",
        "4100000002,77002,Guidry,Mona,Claire,2014-01-05,F,07,001001,1880,2026-08-10,1941,2026-09-04,"
        "2026-08-10,2026-09-04,,",
        "4100000003,77003,Landry,Ida,,2020-05-23,F,25,001001,1800,2026-07-20,,,,,2026-07-17,2026-07-20",
    )
    text = "\r\n".join((",".join(columns()), *lines, ""))
    disposition = {"Content-Disposition": 'attachment; filename="feed-sample.csv"'}
    return HttpResponse(text, content_type="text/csv; charset=utf-8", headers=disposition)
