"""The report of a run: types, control totals, findings, sample sheet, who started, signed and accepted."""

import csv
from dataclasses import dataclass
from pathlib import Path

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.printing import printed
from journal.models import Entry
from migration.access import check_may_run
from migration.accounting.signed_off import why_not_signed_off
from migration.archive.words import label_of_field
from migration.models import LoadRun, SampleSheet
from migration.reconciliation import MEASURES, NO_DISTRICT
from migration.views.run import findings_by_rule, label_of
from migration.views.sample import signatures_of
from rulebook.formulas import guarded
from ui.dates import in_words, moment_in_words

REPORT = Path(__file__).parents[1] / "prints" / "report.typ"
ACCOUNT_HEADS = (
    "record type", "label", "extracted", "migrated", "archived", "rejected", "difference",
)  # fmt: skip


@dataclass(frozen=True)
class Part:
    """A table of the report, with a sentence above it."""

    title: str
    heads: tuple[str, ...]
    rows: list[list[str]]
    words: str = ""


@require_safe
def reconciliation_csv(request: HttpRequest, run_id: int) -> HttpResponse:
    check_may_run(request.user)
    run = get_object_or_404(LoadRun, pk=run_id)
    answer = HttpResponse(
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="rollover-run-{run.pk}-report.csv"'},
    )
    writer = csv.writer(answer)
    for place, part in enumerate(parts_of(run)):
        writer.writerows([[]] * bool(place) + [list(part.heads), *map(_harmless, part.rows)])
    return answer


@require_safe
def report(request: HttpRequest, run_id: int) -> HttpResponse:
    check_may_run(request.user)
    run = get_object_or_404(LoadRun.objects.select_related("of_state", "started_by"), pk=run_id)
    return HttpResponse(
        printed(REPORT, values_of(request, run)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="rollover-run-{run.pk}-report.pdf"'},
    )


def values_of(request: HttpRequest, run: LoadRun) -> dict[str, object]:
    return {
        "title": f"Rollover of legacy SER, report of run {run.pk}",
        "printed": f"Printed {moment_in_words(timezone.localtime())} by {request.user}.",
        "facts": [
            ["State", str(run.of_state)],
            ["Extract", f"{run.file_name}, SHA-256 {run.sha256}, {run.lines:,} lines"],
            ["Freeze", moment_in_words(timezone.localtime(run.freeze))],
            ["Cut", f"{in_words(run.cut)}: closed records older than this day are archived"],
            ["Result", f"{run.get_state_display()}. {run.sentence}"],
        ],
        "parts": [
            {
                "title": part.title,
                "words": part.words,
                "heads": [head.capitalize() for head in part.heads],
                "rows": part.rows,
            }
            for part in parts_of(run)
        ],
    }


def parts_of(run: LoadRun) -> list[Part]:
    return [_accounts(run), _totals(run), _findings(run), *_sample(run), _people(run)]


def _accounts(run: LoadRun) -> Part:
    rows = [
        [str(cell) for cell in (
            count.record_type, label_of(count.record_type), count.extracted, count.migrated, count.archived,
            count.rejected, count.difference,
        )]
        for count in run.record_counts.all()
    ]  # fmt: skip
    words = "Migrated + archived + rejected = extracted, for each record type."
    return Part("Every record accounted for", ACCOUNT_HEADS, rows, words)


def _totals(run: LoadRun) -> Part:
    rows = [
        ["No district" if code == NO_DISTRICT else code, label,
         *(str(at[name][clock]) for clock in ("extracted", "expected", "live"))]
        for code, at in run.control_totals.items()
        for name, label in MEASURES.items()
    ]  # fmt: skip
    return Part(
        "Control totals", ("district", "measure", "in the extract", "expected", "found"), rows,
        "Expected: what is left of the extract after the archive and the rejections.",
    )  # fmt: skip


def _findings(run: LoadRun) -> Part:
    rows = [
        [found["rule"].id, str(found["rule"].severity), found["rule"].title, str(found["number"])]
        for found in findings_by_rule(run)
    ]
    words = "" if rows else "No rule found anything."
    return Part("Findings by rule", ("rule", "severity", "title", "findings"), rows, words)


def _sample(run: LoadRun) -> list[Part]:
    """Without what the fields say: the sheet itself, which names children, is a print of its own."""
    sheet = SampleSheet.objects.filter(run=run).first()
    if sheet is None:
        words = " ".join(why_not_signed_off(run))
        return [Part("Sample sheet", ("record type", "field", "decision"), [], words)]
    rows = [
        [label_of(row.record_type), label_of_field(row.field), row.word or "open"]
        for row in sheet.mismatches.all()
    ]
    words = f"{sheet.students} children, {sheet.fields:,} fields compared with the legacy print."
    signed = Part("Signatures of the sample sheet", ("party", "signed by", "on"), signatures_of(sheet))
    return [Part("Sample sheet", ("record type", "field", "decision"), rows, words), signed]


def _people(run: LoadRun) -> Part:
    """From the journal, which also knows who accepted: its lines about a run carry its number."""
    kinds = Q(kind__startswith="ROLLOVER") | Q(kind__startswith="SAMPLE")
    lines = Entry.objects.filter(kinds, details__run=run.pk).order_by("at", "pk")
    started = [str(run.started_by or "command line"), "Started the run",
               moment_in_words(timezone.localtime(run.started_at))]  # fmt: skip
    rows = [
        [e.actor_name or "command line", e.words, moment_in_words(timezone.localtime(e.at))] for e in lines
    ]
    return Part("Who did what", ("who", "what", "when"), [started, *rows])


def _harmless(row: list[str]) -> list[str]:
    return [guarded(cell) for cell in row]
