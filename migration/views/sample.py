"""The sample sheet of a run: made from the legacy print, decided line by line, signed by both parties."""

from collections import Counter
from pathlib import Path

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from documents.printing import printed
from migration.access import check_may_run, check_may_see_sheet, may_sign_for
from migration.accounting.became import legacy_in_words
from migration.accounting.comparing import WHOLE
from migration.accounting.signed_off import why_not_signed_off
from migration.actions import decide_mismatch, make_sample_sheet, sign_sample_sheet
from migration.archive.words import label_of_field
from migration.forms import PrintForm, WordForm
from migration.models import LoadRun, Party, RunState, SampleMismatch, SampleSheet
from migration.views.run import label_of
from security import scope
from security.access import holds
from security.rules.roles import Permission
from security.views.tried import did, tried
from students.models import Source, Student
from ui.dates import in_words, moment_in_words
from ui.parts import Status

SHEET = Path(__file__).parents[1] / "prints" / "sample_sheet.typ"


def sample(request: HttpRequest, run_id: int) -> HttpResponse:
    """The state sees the children; the vendor the numbers, and signs by them."""
    check_may_see_sheet(request.user)
    run = get_object_or_404(LoadRun.objects.select_related("of_state"), pk=run_id)
    form = PrintForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        check_may_run(request.user)
        if form.is_valid() and _made(request, run, form):
            return redirect("migration:sample", run.pk)
    return _page(request, run, form, 400 if form.is_bound and form.errors else 200)


@require_POST
def decide_sample(request: HttpRequest, run_id: int, pk: int) -> HttpResponse:
    check_may_run(request.user)
    mismatch = get_object_or_404(SampleMismatch, pk=pk, sheet__run_id=run_id)
    form = WordForm(request.POST)
    if not form.is_valid():
        messages.error(request, "The word has at most 300 letters.")
    else:
        word = form.cleaned_data["word"]
        did(request, lambda: decide_mismatch(by=request.user, mismatch=mismatch, word=word), "Kept.")
    return redirect("migration:sample", run_id)


@require_POST
def sign_sample(request: HttpRequest, run_id: int, party: str) -> HttpResponse:
    check_may_see_sheet(request.user)
    if party not in Party:
        raise Http404
    sheet = get_object_or_404(SampleSheet, run_id=run_id)
    did(request, lambda: sign_sample_sheet(by=request.user, sheet=sheet, party=Party(party)), "Signed.")
    return redirect("migration:sample", run_id)


@require_safe
def print_sample(request: HttpRequest, run_id: int) -> HttpResponse:
    """For the file of the sign-off; it names children, so it is the state's alone."""
    check_may_run(request.user)
    sheet = get_object_or_404(SampleSheet.objects.select_related("run__of_state"), run_id=run_id)
    request.user.took_away(
        _live_children(sheet).values(), "sample sheet of the rollover", "sign-off of a run"
    )
    return HttpResponse(
        printed(SHEET, values_of(sheet)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="sample-sheet-run-{run_id}.pdf"'},
    )


def values_of(sheet: SampleSheet) -> dict[str, object]:
    return {
        "title": f"Sample sheet of rollover run {sheet.run_id}",
        "facts": [
            ["Extract", f"{sheet.run.file_name}, SHA-256 {sheet.run.sha256}"],
            ["Legacy print", f"{sheet.file_name}, SHA-256 {sheet.sha256}"],
            ["Compared", f"{sheet.students} children, {sheet.fields:,} fields"],
            ["Made", moment_in_words(timezone.localtime(sheet.made_at))],
        ],
        "children": [
            [each.student_key, each.why, f"{each.fields:,}", str(each.mismatches.count())]
            for each in sheet.sampled.prefetch_related("mismatches")
        ],
        "mismatches": [
            [
                f"{row['key']}, {row['label']} {row['mismatch'].row}, {row['field']}",
                row["printed"] or "blank",
                row["extracted"] or "blank",
                f"{row['mismatch'].word} ({row['mismatch'].decided_by})" if row["mismatch"].word else "open",
            ]
            for row in mismatches_of(sheet)
        ],
        "signatures": signatures_of(sheet),
    }


def signatures_of(sheet: SampleSheet) -> list[list[str]]:
    signed = {row.party: row for row in sheet.signatures.select_related("by")}
    return [
        [
            party.label.capitalize(),
            str(signed[party].by) if party in signed else "not signed",
            in_words(timezone.localtime(signed[party].at).date()) if party in signed else "",
        ]
        for party in Party
    ]


def mismatches_of(sheet: SampleSheet) -> list[dict[str, object]]:
    state = sheet.run.of_state
    rows = sheet.mismatches.select_related("sampled", "decided_by")
    return [
        {
            "mismatch": row,
            "key": row.sampled.student_key,
            "label": label_of(row.record_type),
            "field": "the whole record" if row.field == WHOLE else label_of_field(row.field),
            "printed": row.printed if row.field == WHOLE else _words(state, row, row.printed),
            "extracted": row.extracted if row.field == WHOLE else _words(state, row, row.extracted),
        }
        for row in rows
    ]


def _words(state, row: SampleMismatch, written: str) -> str:
    return legacy_in_words(state, row.record_type, row.field, written)


def _page(request: HttpRequest, run: LoadRun, form: PrintForm, status: int) -> HttpResponse:
    sheet = SampleSheet.objects.filter(run=run).select_related("run__of_state", "made_by").first()
    sees_children = holds(request.user, Permission.RUN_ROLLOVER, None)
    context: dict[str, object] = {
        "run": run, "heading": f"Run {run.pk}", "form": form, "sheet": sheet,
        "sees_children": sees_children, "may_make": sees_children and run.state == RunState.DONE,
        "blockers": why_not_signed_off(run),
    }  # fmt: skip
    if sheet:
        context |= _of_sheet(request, sheet, sees_children)
    return render(request, "migration/sample.html", context, status=status)


def _of_sheet(request: HttpRequest, sheet: SampleSheet, sees_children: bool) -> dict[str, object]:
    signed = set(sheet.signatures.values_list("party", "by_id"))
    free = {party for party in Party if party not in {party for party, _ in signed}}
    mine = [party for party in may_sign_for(request.user) if party in free]
    done = request.user.pk in {by for _, by in signed}
    found: dict[str, object] = {
        "signatures": signatures_of(sheet),
        "signs": [] if done or sheet.undecided else mine,
        "locked": bool(signed),
        "by_field": _by_field(sheet),
        "status": Status("warn", "open") if sheet.undecided else Status("good", "decided"),
    }
    if sees_children:
        children = _live_children(sheet)
        request.user.saw_among_others(children.values(), "sample sheet of the rollover")
        found |= {
            "mismatches": mismatches_of(sheet),
            "children": [
                (each, children.get(each.student_key), len(each.mismatches.all()))
                for each in sheet.sampled.prefetch_related("mismatches")
            ],
        }
    return found


def _by_field(sheet: SampleSheet) -> list[tuple[str, str, int]]:
    """Which fields differ, and how often: all that the vendor sees of them."""
    with scope.elevated():
        counted = Counter(sheet.mismatches.values_list("record_type", "field"))
    return [(label_of(code), label_of_field(field), n) for (code, field), n in sorted(counted.items())]


def _live_children(sheet: SampleSheet) -> dict[str, int]:
    keys = sheet.sampled.values_list("student_key", flat=True)
    rows = Student.objects.filter(source=Source.LEGACY_SER, legacy_key__in=list(keys))
    return {key: pk for key, pk in rows.values_list("legacy_key", "pk") if key}


def _made(request: HttpRequest, run: LoadRun, form: PrintForm) -> object:
    upload = form.cleaned_data["file"]
    return tried(
        form,
        lambda: make_sample_sheet(by=request.user, run=run, name=upload.name, file=upload.file),
    )
