"""The work list of the enrollment audit: what was found, and whom to ask elsewhere."""

from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrollment.access import why_not_explain
from enrollment.actions.audit import explain
from enrollment.models import Finding
from enrollment.queries.contacts import contacts_of
from enrollment.rules.checks import Severity, check_of, checks
from enrollment.views.exports import exports
from enrollment.views.place import chosen_place
from security.models import User
from security.views.tried import did
from ui.lists import Column, Filter, ListState, Page, count_up_to, take
from ui.parts import Status

TONES = {Severity.ERROR: "bad", Severity.TASK: "warn", Severity.WARNING: "info"}
COLUMNS = (
    Column("student", "Student", "student__sort_name"),
    Column("check", "What was found", "check_number"),
    Column("severity", "Severity", ("severity", "found_at")),
    Column("found", "Since", "found_at"),
    Column("explained", "Explained"),
)
COUNTS = (("error", "Errors"), ("task", "Tasks"), ("warning", "Warnings"))


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    place = chosen_place(request)
    offered = (
        *([Filter("district", "District", place.districts)] if len(place.districts) > 1 else []),
        Filter("severity", "Severity", [("", "Any severity"), *((s.value, s.value) for s in Severity)]),
        Filter("check", "Check", [("", "Any check"), *((str(c.number), str(c)) for c in checks())]),
        Filter("said", "Explained", [("", "Either way"), ("no", "Not yet"), ("yes", "Explained")]),
    )
    state = ListState.read(request.GET, COLUMNS, filters=offered, default_sort="severity")
    every = Finding.objects.visible_to(request.user).open().filter(district=place.district)
    shown = narrowed(every, state).select_related("student", "other", "district", "enrollment")
    page = take(shown.order_by(*state.order_by()), state, count_up_to(shown))
    request.user.saw_among_others([row.student_id for row in page.rows], "enrollment audit")
    counted = {name: every.filter(severity=name).count() for name, _ in COUNTS}
    context = {
        "place": place, "state": state, "page": page, "rows": described(request, page),
        "asked": check_of(int(state.chosen["check"])) if state.chosen.get("check") else None,
        "exports": exports(request.user, "findings", state, district=place.district.pk),
        "counts": [(counted[name], label, state.filter_url("severity", name)) for name, label in COUNTS],
    }  # fmt: skip
    return render(request, "enrollment/audit/findings.html", context)


def narrowed(rows, state: ListState):
    chosen = state.chosen
    if severity := chosen.get("severity"):
        rows = rows.filter(severity=severity)
    if number := chosen.get("check"):
        rows = rows.filter(check_number=int(number))
    if said := chosen.get("said"):
        rows = rows.exclude(explained="") if said == "yes" else rows.filter(explained="")
    return rows


def described(request: HttpRequest, page: Page) -> Iterable[dict[str, object]]:
    contacts = contacts_of({row.other_id for row in page.rows if row.other_id})
    people = User.objects.in_bulk({row.explained_by_id for row in page.rows if row.explained_by_id})
    return [
        {
            "finding": row,
            "check": check_of(row.check_number),
            "severity": Status(TONES[Severity(row.severity)], row.severity),
            "explained_by": people.get(row.explained_by_id),
            "contacts": contacts.get(row.other_id, []),
            "why_not": why_not_explain(request.user, row),
        }
        for row in page.rows
    ]


@require_POST
def explain_finding(request: HttpRequest, pk: int) -> HttpResponse:
    finding = (
        Finding.objects.visible_to(request.user)
        .select_related("district", "enrollment")
        .filter(pk=pk)
        .first()
    )
    if finding is None:
        raise Http404
    words = request.POST.get("words", "")
    said = f"Explained on {timezone.localdate():%b %-d}. It stays until it no longer holds."
    did(request, lambda: explain(by=request.user, finding=finding, words=words), said)
    return redirect(f"{reverse('enrollment:findings')}?district={finding.district_id}")
