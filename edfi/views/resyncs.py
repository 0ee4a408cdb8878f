"""Resyncs of a connection: asked for, read as a report, decided, followed while they run, and kept."""

import csv
from collections.abc import Mapping
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from edfi import resyncs as shown
from edfi.access import check_may_set_up, why_not_set_up
from edfi.actions import resync as verbs
from edfi.actions.forget_reports import kept_since
from edfi.files import CHILDREN
from edfi.forms import ResyncForm, SendForm
from edfi.models import Resync, ResyncRow, ResyncState
from edfi.rules.resync import Does, Why
from edfi.rules.there import DAY
from edfi.views.connections import found as found_connection
from edfi.views.connections import to_set_up
from edfi.views.desk import for_those_who_see_it
from edfi.views.files import hand_out
from jobs.models import Job
from jobs.rules import Progress, time_left
from security.access import holds_anywhere
from security.models import User
from security.rules.roles import Permission
from security.views.tried import did, tried
from ui.dates import in_words
from ui.lists import Column, ListState, Page, take
from ui.parts import Cell, Status

TONES = {
    ResyncState.COMPARING: "info", ResyncState.COMPARED: "warn", ResyncState.SENDING: "info",
    ResyncState.STOPPED: "warn", ResyncState.DONE: "good", ResyncState.FAILED: "bad",
    ResyncState.REPLACED: "quiet",
}  # fmt: skip
RESULT_TONES = {"": "quiet", "DONE": "good", "LEFT": "warn", "FAILED": "bad"}
LOOKS = {Does.DELETE: "bad", Does.FORGET: "quiet"}
KEPT = (
    Column("asked", "Asked for", "asked_at"),
    Column("by", "By"),
    Column("kinds", "Records"),
    Column("state", "State", "state"),
    Column("differences", "Differences", numeric=True),
    Column("decided", "Sent by"),
)


@require_http_methods(["GET", "HEAD", "POST"])
@for_those_who_see_it
def resyncs(request: HttpRequest, pk: int) -> HttpResponse:
    """What was compared when, by whom, with what result; and the form to ask for the next."""
    this = to_set_up(request, pk) if request.method == "POST" else found_connection(request, pk)
    form = ResyncForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["resources"]
        asked = tried(form, lambda: verbs.ask_for_resync(by=request.user, connection=this, resources=chosen))
        if asked:
            return redirect("edfi:resync", asked.pk)
    state = ListState.read(request.GET, KEPT, default_sort="-asked")
    page = take(shown.resyncs_of(request.user).filter(connection=this).order_by(*state.order_by()), state)
    people = _people(page.rows)
    context = {
        "connection": this,
        "form": form,
        "why_not": why_not_set_up(request.user, this),
        "page": Page(
            page.state, [_kept(row, people, request.user) for row in page.rows], page.count, page.has_next
        ),
    }
    return render(request, "edfi/resyncs.html", context, status=400 if form.errors else 200)


def _people(rows: list[Resync]) -> Mapping[int, str]:
    ids = {pk for row in rows for pk in (row.by_id, row.decided_by_id) if pk}
    return {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=ids)}


def _kept(row: Resync, people: Mapping[int, str], user: User) -> dict[str, object]:
    asked = timezone.localtime(row.asked_at).strftime("%b %-d, %Y, %H:%M")
    return {
        "asked": Cell(asked, row.get_absolute_url(), sub="changes of the day" if row.since_last else ""),
        "by": people.get(row.by_id, "") if row.by_id else "every night",
        "kinds": ", ".join(shown.NAMES[name] for name in row.resources),
        "state": Cell(status=Status(TONES[ResyncState(row.state)], row.get_state_display())),
        "differences": shown.differences(user, row) if row.compared_at else "",
        "decided": people.get(row.decided_by_id, "") if row.decided_by_id else "",
    }


@require_safe
@for_those_who_see_it
def resync(request: HttpRequest, pk: int) -> HttpResponse:
    """The report and what came of it; for its own poll only the part that changes."""
    template = "edfi/resync_body.html" if request.headers.get("HX-Request") else "edfi/resync.html"
    return _show(request, _found(request, pk), SendForm(), template)


def _show(request: HttpRequest, this: Resync, form: SendForm, template: str) -> HttpResponse:
    lines, people, removed = shown.report(request.user, this), _people([this]), this.asked_at < kept_since()
    context = {
        "resync": this,
        "status": Status(TONES[ResyncState(this.state)], this.get_state_display()),
        "lines": lines,
        "heads": shown.COLUMNS.values(),
        "totals": shown.totals(lines),
        "not_done": shown.not_done(request.user, this),
        "others": shown.of_others(this),
        "by": people.get(this.by_id or 0, ""),
        "decided_by": people.get(this.decided_by_id or 0, ""),
        "why_not": why_not_set_up(request.user, this.connection),
        "waits": this.state in (ResyncState.COMPARED, ResyncState.STOPPED)
        and this.compared_at
        and not removed,
        "removed": removed and shown.differences(request.user, this),
        "keeps": settings.ESER_EDFI_REPORT_DAYS,
        "number": verbs.deletions_to_type(this),
        "form": form,
        **(_progress(this) if this.is_busy else _rows(request, this)),
    }
    return render(request, template, context, status=400 if form.errors else 200)


def _progress(this: Resync) -> dict[str, object]:
    job = Job.objects.filter(pk=this.job_id).first()
    if job is None:
        return {}
    facts = Progress(job.state, job.done, job.total, job.started_at, job.heard_at)
    counted = f"{job.done:,} of {job.total:,}"
    return {"job": job, "left": time_left(facts, timezone.now()), "counted": counted}


def _rows(request: HttpRequest, this: Resync) -> dict[str, object]:
    state, rows = shown.asked(request.user, this, request.GET)
    page = take(rows, state)
    if known := [row.student_id for row in page.rows if row.student_id]:
        request.user.saw_among_others(known, "Ed-Fi resync", "state reporting")
    return {
        "page": Page(page.state, [_row(row) for row in page.rows], page.count, page.has_next),
        "may_take": holds_anywhere(request.user, Permission.EXPORT),
        "file_url": reverse("edfi:resync_children", args=[this.pk]) + state.url(),
    }


def _row(row: ResyncRow) -> dict[str, object]:
    number = row.natural_key["studentUniqueId"]
    day = in_words(date.fromisoformat(row.natural_key[DAY[row.resource]][:10]))
    name = row.student.full_name if row.student else "Not known here"
    address = reverse("caseload:student", args=[row.student_id]) if row.student_id else ""
    return {
        "child": Cell(name, address, sub=f"state student ID {number}"),
        "record": Cell(shown.one(row.resource), sub=f"of {day}"),
        "does": Cell(status=Status(LOOKS.get(Does(row.does), "info"), shown.DEEDS[Does(row.does)])),
        "why": shown.REASONS[Why(row.why)],
        "district": row.district or "",
        "result": Cell(status=Status(RESULT_TONES[row.result], shown.RESULTS[row.result])),
    }


@require_POST
@for_those_who_see_it
def send_differences(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = _to_decide(request, pk), SendForm(request.POST)
    typed = request.POST.get("typed", "")[:20]
    if form.is_valid() and tried(
        form, lambda: verbs.send_differences(by=request.user, resync=this, typed=typed)
    ):
        return redirect("edfi:resync", pk)
    return _show(request, this, form, "edfi/resync.html")


@require_POST
@for_those_who_see_it
def stop_resync(request: HttpRequest, pk: int) -> HttpResponse:
    this = _to_decide(request, pk)
    said = "It ends after what is under way just now. What is sent until then stands."
    did(request, lambda: verbs.stop_resync(by=request.user, resync=this), said)
    return redirect("edfi:resync", pk)


@require_safe
@for_those_who_see_it
def resync_report(request: HttpRequest, pk: int) -> HttpResponse:
    """The counts as a file; of no child."""
    this = _found(request, pk)
    day = timezone.localdate(this.asked_at).isoformat()
    disposition = {"Content-Disposition": f'attachment; filename="resync-{this.pk}-{day}.csv"'}
    answer = HttpResponse(content_type="text/csv; charset=utf-8", headers=disposition)
    lines = csv.writer(answer)
    lines.writerow(["District", "Records", *shown.COLUMNS.values()])
    lines.writerows([line.district, line.kind, *line.numbers] for line in shown.report(request.user, this))
    return answer


@require_POST
@for_those_who_see_it
def resync_children(request: HttpRequest, pk: int) -> HttpResponse:
    """Who gets what, as a file: the differences as filtered."""
    this = _found(request, pk)
    state, _ = shown.asked(request.user, this, request.GET)
    query = {**state.query(), "resync": str(pk)}
    return hand_out(request, CHILDREN, query, this.get_absolute_url() + state.url())


def _found(request: HttpRequest, pk: int) -> Resync:
    return get_object_or_404(shown.resyncs_of(request.user), pk=pk)


def _to_decide(request: HttpRequest, pk: int) -> Resync:
    this = _found(request, pk)
    check_may_set_up(request.user, this.connection.district)
    return this
