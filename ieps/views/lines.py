"""Lines of the tables of a section: added, removed and put back, with and without a script."""

from functools import wraps

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from ieps import actions
from ieps.elsewhere import elsewhere_of
from ieps.items import Grid
from ieps.models import Iep, Line
from ieps.outline import Chapter
from ieps.saving import changed_by_hand, opened_by_another, save_fields
from ieps.section_form import section_form
from ieps.values import is_a_key
from ieps.views.page import address, found
from ieps.views.section import chapter_of, shown
from security.refusals import RuleBroken


def refused_in_words(view):
    """A verb that refuses leads back to the section, with its sentence."""

    @wraps(view)
    def guarded(request: HttpRequest, pk: int, section: str, line: int) -> HttpResponse:
        try:
            return view(request, pk, section, line)
        except RuleBroken as broken:
            answer = _refused(request, found(request, pk), section, broken)
            return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else answer

    return guarded


@require_POST
def add(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The new line alone for a script, which keeps what is typed; else what was typed is saved first."""
    this = found(request, pk)
    table, plan = request.GET.get("table", ""), request.GET.get("plan", "")
    number = int(plan) if is_a_key(plan) else None
    try:
        if not request.htmx:
            save_typed(request, this, chapter_of(this, section))
        line = actions.add_line(by=request.user, iep=this, section=section, table=table, plan=number)
    except RuleBroken as broken:
        return _refused(request, this, section, broken)
    chapter = chapter_of(this, section)
    if request.htmx and table:
        return _fragment(request, this, chapter, line)
    return redirect(f"{address(this, chapter)}#line-{line.pk}")


@require_POST
@refused_in_words
def remove(request: HttpRequest, pk: int, section: str, line: int) -> HttpResponse:
    this = found(request, pk)
    chapter = chapter_of(this, section)
    row = get_object_or_404(Line, iep=this, section=section, pk=line)
    actions.remove_line(by=request.user, iep=this, line=row)
    if request.htmx:
        return render(request, "ieps/removed_line.html", {"iep": this, "chapter": chapter, "line": row})
    messages.success(request, "The line is removed. It can be put back at the end of the page.")
    return redirect(f"{address(this, chapter)}#{f'table-{row.table}' if row.table else 'main'}")


@require_POST
@refused_in_words
def move(request: HttpRequest, pk: int, section: str, line: int) -> HttpResponse:
    """Up or down by one (`way`); a script moves what is on the page itself."""
    this = found(request, pk)
    chapter = chapter_of(this, section)
    row = get_object_or_404(Line.objects.standing(), iep=this, section=section, pk=line)
    if not request.htmx:
        save_typed(request, this, chapter)
    actions.move_line(by=request.user, iep=this, line=row, up=request.GET.get("way") == "up")
    if request.htmx:
        return HttpResponse(status=204)
    return redirect(f"{address(this, chapter)}#line-{row.pk}")


@require_POST
@refused_in_words
def put_back(request: HttpRequest, pk: int, section: str, line: int) -> HttpResponse:
    this = found(request, pk)
    chapter = chapter_of(this, section)
    row = get_object_or_404(Line, iep=this, section=section, pk=line)
    actions.put_line_back(by=request.user, iep=this, line=row)
    return redirect(f"{address(this, chapter)}#line-{row.pk}")


@require_POST
def choose_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """An optional section is added or left out."""
    this = found(request, pk)
    added = request.POST.get("added") == "yes"
    try:
        this = actions.choose_section(by=request.user, iep=this, section=section, added=added)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("ieps:iep", this.pk)
    if added:
        return redirect("ieps:section", this.pk, section)
    messages.success(request, "The section is left out. What was written in it is kept.")
    return redirect("ieps:iep", this.pk)


def save_typed(request: HttpRequest, this: Iep, chapter: Chapter) -> None:
    """What stood in the form when a button sent all of it."""
    token = request.POST.get("version", "")
    if not opened_by_another(request.user, token):
        typed = changed_by_hand(this, chapter, dict(request.POST.items()), token)
        save_fields(request.user, this, chapter, typed, token)


def _refused(request: HttpRequest, this: Iep, section: str, broken: RuleBroken) -> HttpResponse:
    messages.error(request, str(broken))
    return redirect("ieps:section", this.pk, section)


def _fragment(request: HttpRequest, this: Iep, chapter: Chapter, line: Line) -> HttpResponse:
    grid, cells = next(
        (grid, cells) for grid in chapter.grids for each, cells in grid.lines if each.pk == line.pk
    )
    alone = Grid(**{**vars(grid), "lines": tuple(one for one in grid.lines if one[0].pk == line.pk)})
    form = section_form(cells, {}, editable=True, elsewhere=elsewhere_of(this, cells))
    item = shown(this, chapter, alone, form, {})
    row = {**item["lines"][0], "number": len(grid.lines)}
    return render(
        request, "ieps/line.html", {"iep": this, "chapter": chapter, "grid": grid, "row": row, "is_new": True}
    )
