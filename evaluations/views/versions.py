"""The versions of a locked report: two side by side, and each as a file."""

from pathlib import Path

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from documents.printing import printed
from evaluations.models import Evaluation, LockedReport
from evaluations.report import differences, reports_of
from evaluations.views.page import found, ids_of
from security.models import User
from ui.dates import moment_in_words

REPORT = Path(__file__).parents[1] / "prints" / "report.typ"


@require_safe
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """`?before=1&after=2`; otherwise the last two."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "versions of an evaluation")
    reports = reports_of(this)
    context = {"evaluation": this, "ids": ids_of(this.student), "reports": reports}
    if len(reports) > 1:
        context |= _compared(request, reports)
    return render(request, "evaluations/versions.html", context)


def _compared(request: HttpRequest, reports: list[LockedReport]) -> dict[str, object]:
    after = _chosen(reports, request.GET.get("after"), reports[0])
    before = _chosen(reports, request.GET.get("before"), reports[1])
    heads = [f"Version {before.number}", f"Version {after.number}"]
    return {"before": before, "after": after, "heads": heads, "rows": differences(before, after)}


def _chosen(reports: list[LockedReport], number: str | None, otherwise: LockedReport) -> LockedReport:
    return next((each for each in reports if str(each.number) == number), otherwise)


@require_safe
def print_report(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """The locked report as tagged PDF, with its version and hash on every page."""
    this = found(request, pk)
    report = get_object_or_404(LockedReport, evaluation_id=this.pk, student=this.student_id, number=number)
    request.user.looked_at(this.student_id, "evaluation report", "print")
    name = f"evaluation-{this.pk}-version-{report.number}.pdf"
    return HttpResponse(
        printed(REPORT, _values(this, report)),
        content_type="application/pdf",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _values(evaluation: Evaluation, report: LockedReport) -> dict[str, object]:
    by = User.objects.filter(pk=report.locked_by_id).first()
    return {
        "title": evaluation.title,
        "student": evaluation.student.full_name,
        "district": str(evaluation.district or ""),
        "version": str(report.number),
        "locked": f"Locked {moment_in_words(timezone.localtime(report.locked_at))} by {by or 'the system'}",
        "hash": report.sha256,
        "lines": report.lines,
    }
