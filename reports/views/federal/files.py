"""Taking the federal files of a count away: asked for with a reason; of the whole state as a job."""

from datetime import date

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from reports.federal import access
from reports.federal.forms import FileForm
from reports.federal.take_away import Wish, choices, now
from reports.models import Snapshot
from reports.rules.federal.records import Form
from reports.rules.federal.rows import About, Level
from reports.rules.federal.tables import file_of, files, submission_year
from reports.views.federal.found import found, status_of
from security.refusals import NotAllowed
from security.views.reauthentication import asked_again

LEVELS = {Level.STATE: "the state", Level.DISTRICT: "districts", Level.SCHOOL: "schools"}
TYPES = {Form.CSV: "text/csv", Form.TAB: "text/tab-separated-values", Form.FIXED: "text/plain"}


@require_http_methods(["GET", "HEAD", "POST"])
def snapshot_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    this = found(request, pk)
    if sentence := access.why_not_export(request.user, this.district):
        raise NotAllowed(sentence)
    form = file_form(request, this.kind, this.day, of_state=False)
    if request.method == "POST" and form.is_valid():
        return asked_again(request) or _file(request, this, form)
    context = {
        "snapshot": this, "status": status_of(this), "form": form, "not_made": not_made(this.day),
    }  # fmt: skip
    return render(request, "reports/federal/file.html", context, status=422 if form.errors else 200)


def _file(request: HttpRequest, this: Snapshot, form: FileForm) -> HttpResponseBase:
    wish = Wish([this], *chosen(form), this.district)
    body = now(by=request.user, wish=wish)
    answer = FileResponse(body, as_attachment=True, filename=wish.file.name, content_type=TYPES[wish.form])
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def chosen(form: FileForm) -> tuple[str, Level, Form, str]:
    typed = form.cleaned_data
    spec, level = typed["file"].split("-")
    return spec, Level(level), Form(typed["format"]), typed["reason"]


def file_form(request: HttpRequest, kind: str, day: date, *, of_state: bool) -> FileForm:
    year = submission_year(day)
    offered = [
        (f"{spec}-{level}", f"{spec} of {LEVELS[level]}: {file_of(spec, year).content}")
        for spec, level in choices(kind, day, of_state)
    ]
    return FileForm(request.POST or None, files=offered, initial={"format": Form.CSV})


def not_made(day: date) -> list[tuple[str, str]]:
    """Files whose records are not kept here: their layouts are in the rule book, nothing is written."""
    return [(f.file_spec, f.content) for f in files(submission_year(day)) if f.kind is About.DISCIPLINE]
