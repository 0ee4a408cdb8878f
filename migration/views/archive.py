"""The archive: requests and who decides, one child's stub, and who has opened its records."""

from collections import Counter

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from migration.access import why_not_see_visits
from migration.actions import ask_for_archive
from migration.archive.pack import unpacked
from migration.archive.reach import district_of, find_stubs, live_child
from migration.forms import PurposeForm
from migration.models import ArchivedStudent, ArchiveRequest
from migration.rules.records import record_types
from security.views.tried import tried
from students.facts import grouped
from students.models import Student
from ui.dates import in_words
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell, Fact, Status

FOUND = 50
RECONCILING = "reconciliation of the rollover"
TONES = {"waiting": "warn", "open": "good", "refused": "bad", "over": "quiet"}
STATES = [("", "All"), ("waiting", "Waiting"), ("open", "Open"), ("refused", "Refused"), ("over", "Over")]
COLUMNS = (
    Column("child", "Child"),
    Column("purpose", "What for"),
    Column("asked", "Asked", sort="asked_at"),
    Column("state", "State"),
)
VISITS = (Column("who", "Who"), Column("at", "When"), Column("what", "What"), Column("purpose", "What for"))


@require_safe
def archive(request: HttpRequest) -> HttpResponse:
    """Requests that concern this person, and archived children by the words of the search."""
    by_state = Filter("state", "State", STATES)
    state = ListState.read(request.GET, COLUMNS, filters=(by_state,), default_sort="-asked")
    rows = ArchiveRequest.objects.visible_to(request.user).filter(_in_state(state.chosen.get("state", "")))
    rows = rows.select_related("archive", "asked_by", "district").defer("archive__pack")
    page = take(rows.order_by(*state.order_by()), state)
    words = request.GET.get("q", "")[:200]
    context = {
        "state": page.state,
        "page": page,
        "rows": [row_of(asked) for asked in page.rows],
        "q": words,
        "stubs": find_stubs(request.user, words, FOUND),
    }
    return render(request, "migration/archive.html", context)


def archived(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known without opening: who it is, how many records of which type. The request is filed here."""
    child = found(request, pk)
    form = PurposeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked = tried(form, lambda: ask_for_archive(by=request.user, child=child, **form.cleaned_data))
        if asked:
            messages.success(request, "You have asked. Whoever decides was told.")
            return redirect("migration:archive_request", asked.pk)
    mine = child.requests.filter(asked_by=request.user)
    context = {
        **about(child),
        "form": form,
        "counts": counts_of(child),
        "under_way": next((asked for asked in mine if asked.state in ("waiting", "open")), None),
        "sees_visits": why_not_see_visits(request.user, child) is None,
    }
    return render(request, "migration/archived.html", context, status=400 if form.errors else 200)


@require_safe
def archive_visits(request: HttpRequest, pk: int) -> HttpResponse:
    """Who has opened the archived records; prints well, for a parent who asks."""
    child = found(request, pk)
    context = about(child) | {"refusal": why_not_see_visits(request.user, child)}
    if context["refusal"]:
        return render(request, "migration/archive_visits.html", context, status=403)
    state = ListState.read(request.GET, VISITS)
    page = take(child.visits.select_related("by", "request").order_by("-at", "-pk"), state)
    rows = [
        {
            "who": Cell(str(visit.by), sub=visit.by.position),
            "at": visit.at,
            "what": visit.what,
            "purpose": visit.request.purpose if visit.request else RECONCILING,
        }
        for visit in page.rows
    ]
    context |= {"state": page.state, "page": page, "rows": rows}
    return render(request, "migration/archive_visits.html", context)


def found(request: HttpRequest, pk: int) -> ArchivedStudent:
    """404 outside of the person's places. Opening the page of a live child is noted."""
    child = get_object_or_404(ArchivedStudent.objects.open_to(request.user), pk=pk)
    if live := live_child(child):
        request.user.looked_at(live.pk, "archived records, not opened")
    return child


def about(child: ArchivedStudent) -> dict[str, object]:
    live = live_child(child)
    return {
        "child": child,
        "live": live,
        "ids": [("State ID", grouped(child.state_student_id))] if child.state_student_id else [],
        "name": name_of(child, live),
        "facts": facts_of(child),
    }


def name_of(child: ArchivedStudent, live: Student | None) -> str:
    return live.list_name if live else child.list_name


def facts_of(child: ArchivedStudent) -> list[Fact]:
    born = in_words(child.birth_date) if child.birth_date else "not known"
    kind = "the whole record" if child.whole else "older records; newer ones are live"
    district = district_of(child)
    return [
        Fact("Born", born),
        Fact("State ID", grouped(child.state_student_id)),
        Fact("Last district", district or "No district", "decides about requests"),
        Fact("In the archive", kind, f"cut on {in_words(child.run.cut)}"),
    ]


def counts_of(child: ArchivedStudent) -> list[tuple[str, int]]:
    counted = Counter(record.record_type for record in unpacked(child.pack))
    return [(record_types()[code].label, number) for code, number in sorted(counted.items())]


def status_of(asked: ArchiveRequest) -> Status:
    return Status(TONES[asked.state], asked.state)


def until(asked: ArchiveRequest) -> str:
    if asked.ends_at is None:
        return ""
    return f"until {in_words(timezone.localtime(asked.ends_at).date())}"


def row_of(asked: ArchiveRequest) -> dict[str, object]:
    return {
        "child": Cell(asked.archive.list_name, url=f"requests/{asked.pk}/", sub=str(asked.district or "")),
        "purpose": Cell(asked.purpose, sub=f"asked by {asked.asked_by}"),
        "asked": asked.asked_at,
        "state": Cell("", sub=until(asked), status=status_of(asked)),
    }


def _in_state(state: str) -> Q:
    now = timezone.now()
    return {
        "waiting": Q(approved=None),
        "refused": Q(approved=False),
        "open": Q(approved=True, ends_at__gt=now),
        "over": Q(approved=True, ends_at__lte=now),
    }.get(state, Q())
