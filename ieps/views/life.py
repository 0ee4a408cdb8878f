"""The history of an IEP: who changed what when, and any two of its versions side by side."""

from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from ieps.changes import amended_by, differences
from ieps.life import Deed, life_of
from ieps.models import Iep
from ieps.outline import Chapter
from ieps.stood import Stood, as_it_stands, as_it_stood
from ieps.views.page import found, frame_of
from ieps.written import chapters_of
from students.access import why_not_see_visits
from students.models import Jurisdiction
from ui.dates import FIRST_YEAR, LAST_YEAR, in_words, moment_in_words
from ui.two_texts import compare

SHOWN = 50
MOST_MOMENTS = 30


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """`?section=GSI&person=3` choose; `?all` shows more than the newest."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "history of an IEP")
    chapters, person = chapters_of(this), request.GET.get("person", "")
    section = request.GET.get("section", "")
    every = life_of(this, chapters)
    chosen = [deed for deed in every if _fits(deed, section, person)]
    context = {
        **frame_of(this, chapters),
        "people": sorted({(deed.who, deed.who_id) for deed in every if deed.who_id}),
        "chapters": chapters,
        "section": section,
        "chosen_person": person,
        "deeds": chosen if "all" in request.GET else chosen[:SHOWN],
        "hidden": 0 if "all" in request.GET else max(0, len(chosen) - SHOWN),
        "access_url": _access_url(request, this),
    }
    return render(request, "ieps/life.html", context)


def _fits(deed: Deed, section: str, person: str) -> bool:
    return (not section or deed.section == section) and (not person or str(deed.who_id) == person)


def _access_url(request: HttpRequest, this: Iep) -> str:
    """Of the record of access, for those who may read it."""
    rows = Jurisdiction.objects.on(timezone.localdate()).filter(student=this.student_id)
    here = rows.select_related("district", "student").first()
    if this.student_id is None or why_not_see_visits(request.user, here):
        return ""
    return reverse("caseload:access_record", args=[this.student_id])


@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """`?before=12@2026-11-22T18:00:00+00:00&after=15`: IEPs of this child, each now or at a moment."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "versions of an IEP")
    chapters = chapters_of(this)
    those = {each.pk: each for each in _of_the_child(request, this)}
    offered = _offered(this, chapters, those)
    before = _chosen(request.GET.get("before", ""), those) or _chosen(_usual(this, offered), those)
    after = _chosen(request.GET.get("after", ""), those) or _chosen(str(this.pk), those)
    context = {**frame_of(this, chapters), "offered": offered}
    if before and after and before != after:
        context |= _compared(before, after)
        context |= {"before": _key(*before), "after": _key(*after)}
        context["offered"] = _with(offered, before, after)
    return render(request, "ieps/versions.html", context)


def _of_the_child(request: HttpRequest, this: Iep) -> list[Iep]:
    if this.student_id is None:
        return [this]
    rows = Iep.objects.visible_to(request.user).filter(student=this.student_id)
    return list(rows.select_related("student__state", "district", "evaluation").order_by("-created_at"))


Version = tuple[Iep, datetime | None]


def _offered(this: Iep, chapters: tuple[Chapter, ...], those: dict[int, Iep]) -> list[tuple[str, str]]:
    """Each IEP of the child as it stands, then this one at the end of each day on which it was changed."""
    as_they_stand = [(_key(each, None), _title(each, None)) for each in those.values()]
    days: dict[object, datetime] = {}
    for deed in life_of(this, chapters):
        days.setdefault(timezone.localdate(deed.at), deed.at)
    moments = list(days.values())[1 : MOST_MOMENTS + 1]
    return [*as_they_stand, *((_key(this, at), _title(this, at)) for at in moments)]


def _with(offered: list[tuple[str, str]], *chosen: Version) -> list[tuple[str, str]]:
    """Also a moment that was chosen in the history."""
    known = dict(offered)
    return [*offered, *((_key(*each), _title(*each)) for each in chosen if _key(*each) not in known)]


def _usual(this: Iep, offered: list[tuple[str, str]]) -> str:
    """An amendment beside what it amends; anything else beside the last day on which it was another."""
    if amended := amended_by(this):
        return str(amended.pk)
    own = [key for key, _ in offered if key.startswith(f"{this.pk}@")]
    others = [key for key, _ in offered if key != str(this.pk)]
    return next(iter([*own, *others]), "")


def _chosen(key: str, those: dict[int, Iep]) -> Version | None:
    number, _, at = key.partition("@")
    iep = next((each for pk, each in those.items() if str(pk) == number), None)
    try:
        moment = datetime.fromisoformat(at.replace(" ", "+")) if at else None
    except ValueError:
        return None
    known = moment is None or (timezone.is_aware(moment) and FIRST_YEAR < moment.year < LAST_YEAR)
    return (iep, moment) if iep and known else None


def _key(iep: Iep, at: datetime | None) -> str:
    return f"{iep.pk}@{at.isoformat()}" if at else str(iep.pk)


def _title(iep: Iep, at: datetime | None) -> str:
    if at:
        return f"{iep.title} as of {moment_in_words(at)}"
    day = iep.meeting_date or timezone.localdate(iep.created_at)
    return f"{iep.title} of {in_words(day)}, {iep.get_status_display()}"


def _compared(before: Version, after: Version) -> dict[str, object]:
    found_changes = differences(_stood(*before), _stood(*after))
    rows: dict[str, list[dict[str, object]]] = {}
    for change in found_changes:
        old, new = compare(change.before, change.after)
        rows.setdefault(change.title, []).append({"label": change.label, "old": old, "new": new})
    return {"heads": [_title(*before), _title(*after)], "groups": list(rows.items())}


def _stood(iep: Iep, at: datetime | None) -> Stood:
    return as_it_stood(iep, at) if at else as_it_stands(iep)
