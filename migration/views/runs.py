"""All runs, and starting one."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from jobs.actions import enqueue
from migration.access import check_may_run
from migration.actions import start_from_upload, start_rollover
from migration.forms import ExtractForm, state_of_this_system
from migration.models import LoadRun, RunState
from migration.tasks import TASK
from security.refusals import RuleBroken
from ui.lists import Column, ListState, take
from ui.parts import Cell, Status

COLUMNS = (
    Column("name", "Run"),
    Column("file", "Extract"),
    Column("started", "Started"),
    Column("result", "Result"),
)
TONES = {
    RunState.WAITING: "quiet",
    RunState.RUNNING: "info",
    RunState.REFUSED: "bad",
    RunState.FAILED: "bad",
    RunState.BLOCKED: "bad",
    RunState.CHECKED: "info",
    RunState.DONE: "good",
}


def runs(request: HttpRequest) -> HttpResponse:
    check_may_run(request.user)
    form = ExtractForm(request.POST, request.FILES) if request.method == "POST" else ExtractForm()
    if form.is_bound and form.is_valid() and (run := _started(request, form)):
        return redirect("migration:run", run.pk)
    state = ListState.read(request.GET, COLUMNS)
    page = take(LoadRun.objects.select_related("document"), state)
    rows = [_row(run) for run in page.rows]
    status = 400 if form.is_bound and form.errors else 200
    return render(
        request,
        "migration/runs.html",
        {"form": form, "state": state, "page": page, "rows": rows},
        status=status,
    )


def status_of(run: LoadRun) -> Status:
    return Status(TONES[RunState(run.state)], run.get_state_display())


def _started(request: HttpRequest, form: ExtractForm) -> LoadRun | None:
    try:
        with transaction.atomic():
            run = _start(request, form)
    except RuleBroken as broken:
        form.add_error("file" if broken.field else None, str(broken))
        return None
    enqueue(run.job, TASK)
    return run


def _start(request: HttpRequest, form: ExtractForm) -> LoadRun:
    state = state_of_this_system()
    if state is None or not state.districts.exists():
        raise RuleBroken("The places are not loaded yet. First: manage.py load_places <folder>")
    upload, dry_run = form.cleaned_data["file"], form.cleaned_data["dry_run"]
    if not upload:
        return start_rollover(by=request.user, state=state, path=form.chosen_path(), dry_run=dry_run)
    return start_from_upload(
        by=request.user, state=state, name=upload.name, file=upload.file, dry_run=dry_run
    )


def _row(run: LoadRun) -> dict[str, object]:
    return {
        "name": Cell(f"Run {run.pk}", url=f"{run.pk}/"),
        "file": Cell(run.file_name, sub=f"taken {run.extracted_at:%b %-d, %Y}"),
        "started": run.started_at,
        "result": Cell("", sub=run.sentence, status=status_of(run)),
    }
