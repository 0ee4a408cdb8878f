"""My jobs, and one job while it runs and after."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from jobs import access, actions, rules
from jobs.models import Job, JobState
from jobs.news import seen_now
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell, Phase, Status

COLUMNS = (
    Column("title", "Job"),
    Column("state", "State"),
    Column("counts", "Done", numeric=True),
    Column("started", "Started", sort="created_at"),
    Column("ended", "Ended", sort="ended_at"),
)
FILTERS = (Filter("state", "State", [("", "Any state"), *[(s.value, s.label) for s in JobState]]),)


@require_safe
def list_jobs(request: HttpRequest) -> HttpResponse:
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS, default_sort="-started")
    found = access.seen_by(request.user)
    if chosen := state.chosen.get("state"):
        found = found.filter(state=chosen)
    page = take(found.order_by(*state.order_by()), state)
    page = type(page)(page.state, [_row(job) for job in page.rows], page.count, page.has_next)
    context = {"page": page, "state": state, "everybody": access.sees_all(request.user)}
    answer = render(request, "jobs/list.html", context)
    seen_now(request.session)
    return answer


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, or for its own poll only the part that changes."""
    found = get_object_or_404(access.seen_by(request.user), pk=pk)
    template = "jobs/progress.html" if request.headers.get("HX-Request") else "jobs/job.html"
    return render(request, template, _shown(found, request.user))


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Its owner alone, while it is not over; what was written so far is thrown away."""
    found = get_object_or_404(Job.objects.of(request.user.pk), pk=pk)
    if found.can_stop:
        actions.stop(found, "You stopped it. No file was made.")
    return redirect(found)


def _shown(job: Job, user: Any) -> dict[str, object]:
    now, facts = timezone.now(), _progress(job)
    return {
        "job": job,
        "status": status_of(job),
        "silent": rules.is_silent(facts, now),
        "left": rules.time_left(facts, now),
        "phases": [Phase(name, how) for name, how in rules.phase_states(job.phases, job.phase, job.state)],
        "counted": f"{job.done:,} of {job.total:,}",
        "mine": job.owner_id == user.pk,
    }


def status_of(job: Job) -> Status:
    if rules.is_silent(_progress(job), timezone.now()):
        return Status("warn", "not heard from")
    return Status(rules.TONES[job.state], rules.WORDS[job.state], rules.ICONS.get(job.state, ""))


def _progress(job: Job) -> rules.Progress:
    return rules.Progress(job.state, job.done, job.total, job.started_at, job.heard_at)


def _row(job: Job) -> dict[str, object]:
    counts = f"{job.done:,} of {job.total:,}" if job.total else ""
    return {
        "title": Cell(job.title, url=job.get_absolute_url(), sub=job.sentence),
        "state": Cell(status=status_of(job)),
        "counts": counts,
        "started": job.started_at or job.created_at,
        "ended": job.ended_at,
    }
