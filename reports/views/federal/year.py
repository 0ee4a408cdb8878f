"""This year's count beside last year's, and the comments that the federal thresholds ask for."""

from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from reports.federal import access
from reports.federal.comment import comment, explanations
from reports.federal.edit_checks import specs_of
from reports.federal.forms import CommentForm
from reports.federal.last_year import lines_of, year_before
from reports.models import Snapshot
from reports.rules.federal.comparison import YearToYear
from reports.rules.federal.tables import category_name, permitted, submission_year
from reports.views.federal.found import found, status_of
from security.views.tried import tried
from ui.lists import Column, Count, ListState, Page
from ui.parts import Cell, Status

COLUMNS = (
    Column("file", "File"), Column("cell", "Cell"), Column("before", "Last year", numeric=True),
    Column("now", "This year", numeric=True), Column("change", "Change", numeric=True),
    Column("percent", "Percent", numeric=True), Column("comment", "Comment"),
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def snapshot_year(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    before = year_before(this)
    lines = [(spec, line) for spec in specs_of(this) for line in lines_of(this, before or this, spec)]
    cells = [(_key(spec, line), f"{spec}: {_name(spec, line, this)}") for spec, line in lines]
    form = CommentForm(request.POST or None, cells=cells, initial={"cell": request.GET.get("cell", "")})
    if request.method == "POST":
        access.check_may_certify(request.user, this.district, "comment on its count")
        if form.is_valid() and tried(form, lambda: _say(request, this, **form.cleaned_data)):
            return redirect("reports:snapshot_year", pk)
    said = {key[1:]: words for key, words in explanations([this]).items()}
    rows = [_row(spec, line, this, said.get((spec, line.set.set, line.codes), "")) for spec, line in lines]
    context = {
        "snapshot": this, "status": status_of(this), "before": before, "form": form,
        "page": Page(ListState(COLUMNS), rows, Count(len(rows)), False) if before else None,
        "asked": sum(line.needs_comment for _, line in lines),
        "said": [(f"{key[0]} {key[1]} {' '.join(key[2])}", words) for key, words in said.items()],
        "why_not": access.why_not_certify(request.user, this.district, "comment on its count"),
        "last": before and reverse("reports:snapshot", args=[before.pk]),
    }  # fmt: skip
    return render(request, "reports/federal/year.html", context, status=400 if form.errors else 200)


def _say(request: HttpRequest, this: Snapshot, cell: str, words: str) -> None:
    file, name, *codes = cell.split()
    comment(by=request.user, snapshot=this, file=file, set=name, codes=codes, words=words)


def _key(spec: str, line: YearToYear) -> str:
    return " ".join((spec, line.set.set, *line.codes))


def _name(spec: str, line: YearToYear, this: Snapshot) -> str:
    if not line.codes:
        return "Education unit total"
    category, year = line.set.categories[0], submission_year(this.day)
    meaning = permitted(spec, category, year).get(line.codes[0], line.codes[0])
    name = category_name(category)
    return meaning if meaning.startswith(name) else f"{name}: {meaning}"


def _row(spec: str, line: YearToYear, this: Snapshot, said: str) -> dict[str, object]:
    asked = line.needs_comment and not said
    percent = "" if line.percent is None else f"{float(line.percent):+.1f} %"
    return {
        "file": spec, "cell": _name(spec, line, this), "before": line.before, "now": line.now,
        "change": f"{line.difference:+,}", "percent": percent,
        "comment": _comment(spec, line) if asked else said,
    }  # fmt: skip


def _comment(spec: str, line: YearToYear) -> Cell:
    """Opens the form with this cell chosen."""
    url = f"?{urlencode({'cell': _key(spec, line)})}#comment"
    return Cell("Write one", url, status=Status("bad", "asked for"))
