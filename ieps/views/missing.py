"""Everything that an IEP still lacks on one page, each with a link to where it is written."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ieps.carried import Waiting, not_looked_at, waiting_in
from ieps.items import Entry, Grid
from ieps.models import Iep
from ieps.outline import Chapter, Written, chapters
from ieps.seal import NOT_SIGNED
from ieps.views.page import address, anchor, found, frame_of, look_words
from ieps.written import computed_in, written_of
from ui.parts import Check

SETTING, CHOSEN = "PLC", "lre"
WITH_SIGNATURES = "Comes with the signatures, or after them"


@require_safe
def missing(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "what an IEP lacks")
    content = written_of(this)
    written = chapters(content)
    waiting = not_looked_at(this)
    other = _other_setting(this, content)
    rows = [(chapter, checks_in(this, chapter, waiting, other)) for chapter in written]
    context = {
        **frame_of(this, written, waiting=waiting if this.is_draft else {}),
        "rows": [row for row in rows if row[0].needed],
        "left_out": [chapter.title for chapter in written if not chapter.needed],
        "count": sum(len(checks) for _, checks in rows),
    }
    return render(request, "ieps/missing.html", context)


def checks_in(this: Iep, chapter: Chapter, waiting: Waiting, other: str) -> list[Check]:
    url = address(this, chapter)
    found_missing = [
        Check(tone_of(chapter, item), item.label, where(chapter, item), f"{url}#{anchor(item)}")
        for item in chapter.missing
    ]
    if looks := waiting_in(chapter.section, waiting):
        found_missing.append(Check("info", look_words(len(looks)), url=url))
    if chapter.section == SETTING and other:
        found_missing.append(Check("info", other, "Say why under the setting", f"{url}#id_{CHOSEN}"))
    return found_missing


def tone_of(chapter: Chapter, item: Entry | Grid) -> str:
    return "info" if (chapter.section, item.key) in NOT_SIGNED else "warn"


def where(chapter: Chapter, item: Entry | Grid) -> str:
    """The part that it stands in; of a plan or a line of a table which one."""
    if (chapter.section, item.key) in NOT_SIGNED:
        return WITH_SIGNATURES
    number = item.key.partition(".")[0]
    plans = {str(part.line.pk): part.title for part in chapter.parts if part.line}
    lines = {
        str(line.pk): f"{grid.label}, line {place}"
        for grid in chapter.grids
        for place, (line, _) in enumerate(grid.lines, 1)
    }
    found_at = plans.get(number) or lines.get(number) or item.part
    return found_at if found_at != chapter.title else ""


def _other_setting(this: Iep, content: Written) -> str:
    """A sentence where the team chose another setting than follows from the services."""
    chosen, follows = content.texts.get((SETTING, CHOSEN), ""), computed_in(this, content).code
    if not chosen or not follows or chosen == follows:
        return ""
    return f"{chosen} is chosen; {follows} follows from the services"
