"""Help with writing a section: the environment while services are typed, fields filled in."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ieps import actions
from ieps.environment import TOTAL, computed, is_young
from ieps.outline import Chapter
from ieps.views.lines import save_typed
from ieps.views.page import address, found
from ieps.views.section import chapter_of
from security.refusals import RuleBroken

CELL = re.compile(r"([0-9]{1,18})\.([a-z_]{1,40})")
OF_A_SERVICE = "location"  # lines of the other tables of the section have no such column


@require_POST
def environment(request: HttpRequest, pk: int) -> HttpResponse:
    """What follows from the services as they stand in the form; nothing is saved."""
    this, today = found(request, pk), timezone.localdate()
    request.user.looked_at(this.student_id, "environment of an IEP")
    young = is_young(this.student and this.student.birth_date, this.grade, today)
    answer = computed(services_in(request.POST), request.POST.get(TOTAL, ""), young=young, today=today)
    return render(request, "ieps/environment.html", {"computed": answer})


def services_in(sent: QueryDict) -> list[dict[str, str]]:
    """The lines of the services table in a form that was sent."""
    lines: dict[str, dict[str, str]] = {}
    for key, text in sent.items():
        if cell := CELL.fullmatch(key):
            lines.setdefault(cell[1], {})[cell[2]] = str(text)
    return [line for line in lines.values() if OF_A_SERVICE in line]


@require_POST
def fill_in(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """One field (`take`), or all; what was typed on the page is saved first."""
    this = found(request, pk)
    chapter = chapter_of(this, section)
    wanted = request.POST.get("take", "")
    try:
        save_typed(request, this, chapter)
        keys = {wanted} if wanted else None
        filled = actions.fill_in(by=request.user, iep=this, section=section, keys=keys)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("ieps:section", this.pk, section)
    if not filled:
        messages.info(request, "Nothing was filled in: it is written already, or not known any more.")
    elif not wanted:
        messages.success(request, f"Filled in: {words_for(chapter, [each.field for each in filled])}.")
    return redirect(f"{address(this, chapter)}{f'#id_{wanted}' if wanted else ''}")


def words_for(chapter: Chapter, keys: list[str]) -> str:
    return ", ".join(entry.label for entry in chapter.entries if entry.key in keys)
