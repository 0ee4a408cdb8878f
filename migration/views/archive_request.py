"""One request for archived records: decided here, and read by whoever asked while it is open."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.printing import printed
from migration.access import OWN_REQUEST, why_not_decide, why_not_read, why_not_see_visits
from migration.actions import approve_archive_request, read_archive, refuse_archive_request
from migration.archive.reach import live_child
from migration.archive.words import by_type
from migration.forms import AnswerForm
from migration.models import ArchiveRequest
from migration.views.archive import about, status_of, until
from security.views.tried import tried
from ui.dates import in_words, moment_in_words

ARCHIVE = Path(__file__).parents[1] / "prints" / "archive.typ"
DEEDS = {"approve": approve_archive_request, "refuse": refuse_archive_request}


def archive_request(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _found(request, pk)
    form = AnswerForm(request.POST or None)
    if request.method == "POST":
        deed = DEEDS.get(request.POST.get("deed", ""))
        if deed is None:
            raise Http404
        if form.is_valid() and tried(form, lambda: deed(by=request.user, asked=asked, **form.cleaned_data)):
            return redirect("migration:archive_request", asked.pk)
    why_not = why_not_decide(request.user, asked)
    context = {
        **about(asked.archive),
        "asked": asked,
        "status": status_of(asked),
        "until": until(asked),
        "form": form,
        "decides": why_not is None and asked.state == "waiting",
        "own": OWN_REQUEST if why_not == OWN_REQUEST and asked.state == "waiting" else "",
        "reads": why_not_read(request.user, asked) is None,
        "visits": asked.visits.select_related("by")[:20],
        "sees_visits": why_not_see_visits(request.user, asked.archive) is None,
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "migration/archive_request.html", context, status=status)


@require_safe
def archive_records(request: HttpRequest, pk: int) -> HttpResponse:
    """Read-only; each look is noted."""
    asked = _found(request, pk)
    records = read_archive(by=request.user, asked=asked, what="archived records")
    context = about(asked.archive) | {
        "asked": asked,
        "until": until(asked),
        "records": by_type(records),
        "count": len(records),
    }
    return render(request, "migration/archive_records.html", context)


@require_safe
def print_archive(request: HttpRequest, pk: int) -> HttpResponse:
    asked = _found(request, pk)
    records = read_archive(by=request.user, asked=asked, what="archived records, printed")
    return HttpResponse(
        printed(ARCHIVE, _values(request, asked, records)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="archived-records-{asked.pk}.pdf"'},
    )


def _values(request: HttpRequest, asked: ArchiveRequest, records) -> dict[str, object]:
    said = about(asked.archive)
    return {
        "title": "Archived records",
        "child": said["name"],
        "facts": [[fact.label, str(fact.value)] for fact in said["facts"]],  # type: ignore[attr-defined]
        "printed": f"Printed {moment_in_words(timezone.localtime())} by {request.user}",
        "purpose": asked.purpose,
        "until": in_words(timezone.localtime(asked.ends_at).date()),
        "types": [
            [label, [[row.title, [[fact.label, fact.value] for fact in row.facts], row.text] for row in rows]]
            for label, rows in by_type(records)
        ],
    }


def _found(request: HttpRequest, pk: int) -> ArchiveRequest:
    """404 for everybody but who asked and who decides. Opening it is noted with a live child."""
    rows = ArchiveRequest.objects.visible_to(request.user)
    asked = get_object_or_404(
        rows.select_related("archive__district", "archive__run", "district", "asked_by", "decided_by"), pk=pk
    )
    if live := live_child(asked.archive):
        request.user.looked_at(live.pk, "request for archived records")
    return asked
