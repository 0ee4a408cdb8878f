"""The records behind each number of a run, and one record: its legacy text beside what became of it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from evaluations.models import Exceptionality
from ieps.models import Line, SectionText
from migration import refusals
from migration.access import check_may_run
from migration.accounting.became import Outcome, outcome_of
from migration.accounting.lines import line_at
from migration.accounting.rows import FATES, StagedRow, StagedRows, Wanted, are_staged, type_of_measure
from migration.actions import note_reconciled
from migration.actions.start import opened
from migration.extract import ExtractRefused
from migration.models import LoadRun
from migration.reconciliation import MEASURES
from migration.rules.findings import quality_rules
from migration.rules.records import RecordType, record_types
from migration.views.run import label_of
from students.models import Student
from ui.lists import Column, Filter, ListState, take
from ui.parts import Cell, Status

GONE = (
    "The lines of this run are not listed any more: those of a later run or check took their place, or they"
    " were lost in a crash. What became of them is here; its rejected rows and findings are listed still."
)
TONES = {"migrated": "good", "archived": "quiet", "rejected": "bad", "": "warn"}
COLUMNS = (
    Column("record", "Record"),
    Column("line", "Line", numeric=True),
    Column("fate", "What became of it"),
    Column("child", "Child"),
)
TYPES = [(row.code, row.label) for row in record_types().values()]
FILTERS = (
    Filter("type", "Record type", TYPES),
    Filter("fate", "What became of it", [("", "All"), *((fate, fate.capitalize()) for fate in FATES)]),
    Filter("measure", "Control total", [("", "None"), *MEASURES.items()]),
    Filter("district", "District"),
)


@require_safe
def records(request: HttpRequest, run_id: int) -> HttpResponse:
    """`?type=04&fate=archived`, or `?measure=drafts&district=911`."""
    check_may_run(request.user)
    run = get_object_or_404(LoadRun, pk=run_id)
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS)
    context: dict[str, object] = {"run": run, "heading": f"Run {run.pk}", "state": state, "gone": GONE}
    if are_staged(run):
        wanted = _wanted(state)
        found = StagedRows(wanted)
        page = take(found, state, found.count())  # type: ignore[arg-type]
        rows = [_row(run, wanted.record_type, row) for row in page.rows]
        request.user.saw_among_others(
            {row.student_id for row in page.rows if row.student_id}, "rollover, records of a run"
        )
        context |= {
            "state": page.state, "page": page, "rows": rows, "gone": "", "label": wanted.record_type.label
        }  # fmt: skip
    return render(request, "migration/records.html", context)


@require_safe
def line(request: HttpRequest, run_id: int, number: int) -> HttpResponse:
    """The line is read again from the extract; when that is gone, the page says so."""
    check_may_run(request.user)
    run = get_object_or_404(LoadRun.objects.select_related("of_state", "document"), pk=run_id)
    context: dict[str, object] = {"run": run, "heading": f"Run {run.pk}", "number": number}
    context["title"] = f"Line {number:,} of the extract"
    try:
        with opened(run) as package:
            found = line_at(package, number)
    except (ExtractRefused, OSError) as gone:
        sentence = str(gone) if isinstance(gone, ExtractRefused) else refusals.gone()
        return render(request, "migration/line.html", context | {"gone": sentence})
    if found is None:
        raise Http404
    this, copy = found
    outcome = outcome_of(run, this, copy)
    if outcome.archive:
        note_reconciled(by=request.user, child=outcome.archive)
    if student := _student_of(outcome):
        request.user.looked_at(student.pk, "rollover, a record beside its legacy text")
    context |= {
        "title": f"Line {number:,}: {label_of(this.record_type)}",
        "outcome": outcome,
        "status": Status(TONES[outcome.fate], outcome.fate or "not found here"),
        "rule": outcome.rejected and quality_rules()[outcome.rejected.rule],
        "student": student,
        "findings": [(row, quality_rules()[row.rule]) for row in run.findings.filter(line=number)],
        "raw": this.text.rstrip(),
    }
    return render(request, "migration/line.html", context)


def _wanted(state: ListState) -> Wanted:
    chosen = state.chosen
    measure = chosen.get("measure", "")
    by_measure = type_of_measure(measure)
    return Wanted(
        by_measure or record_types()[chosen.get("type", "01")],
        "migrated" if by_measure else chosen.get("fate", ""),
        measure,
        chosen.get("district", ""),
    )


def _row(run: LoadRun, record_type: RecordType, row: StagedRow) -> dict[str, object]:
    why = f"by {row.rule}" if row.rule else "kept for continuity" if row.continuity else ""
    url = reverse("caseload:student", args=[row.student_id]) if row.student_id else ""
    return {
        "record": Cell(row.key or "unreadable", url=reverse("migration:line", args=[run.pk, row.line])),
        "line": row.line,
        "fate": Cell("", sub=why, status=Status(TONES[row.fate], row.fate)),
        "child": Cell("Live record", url=url) if url else "",
    }


def _student_of(outcome: Outcome) -> Student | None:
    """The child through whichever owner the live record has."""
    owner: object = outcome.live
    if isinstance(owner, (SectionText, Line)):
        owner = owner.iep
    if isinstance(owner, Exceptionality):
        owner = owner.evaluation
    owner = getattr(owner, "student", owner)
    return owner if isinstance(owner, Student) else None
