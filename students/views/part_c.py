"""What is known of a child's early intervention (Part C)."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from security.refusals import NotAllowed
from security.views.tried import tried
from students.access import student_or_404, why_not_record_part_c
from students.actions.part_c import record_part_c
from students.forms import PartCForm
from students.models import PartCHistory, Student


@require_http_methods(["GET", "HEAD", "POST"])
def part_c(request: HttpRequest, pk: int) -> HttpResponse:
    student = student_or_404(request.user, pk)
    if sentence := why_not_record_part_c(request.user, student):
        raise NotAllowed(sentence)
    request.user.looked_at(student.pk, "early intervention")
    form = PartCForm(request.POST or None, initial=_known(student))
    if form.is_bound and form.is_valid() and tried(form, lambda: _record(request, student, form)):
        messages.success(request, "What is known of early intervention is recorded.")
        return redirect("caseload:student", student.pk)
    status = 400 if form.errors else 200
    return render(request, "students/part_c.html", {"student": student, "form": form}, status=status)


def _record(request: HttpRequest, student: Student, form: PartCForm) -> Student:
    return record_part_c(by=request.user, student=student, known=form.known(), how=form.cleaned_data["how"])


def _known(student: Student) -> dict[str, object]:
    served = {PartCHistory.YES: "yes", PartCHistory.NO: "no"}.get(PartCHistory(student.part_c_history), "")
    return {
        "served": served, "since": student.part_c_since, "continued_on": student.part_c_continued_on,
    }  # fmt: skip
