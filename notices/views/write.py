"""Writing a notice: each element with its plain question; kept as a draft, or issued at once."""

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from enrollment.models import Enrollment
from evaluations.models import Evaluation
from evaluations.views.page import ids_of
from notices import access, actions
from notices.forms import NoticeForm, begins_with, initial_of
from notices.models import Notice
from notices.rules.kinds import Kind, NoticeRow, offered
from organizations.rules.calendar import in_words
from security.views.tried import tried
from students.access import student_or_404
from students.models import Student

DRAFTED = "The draft is kept. Nobody outside has seen it yet."
ISSUED = "The notice is issued. Next: record how it reached the parents."


def write(request: HttpRequest, student_id: int, kind: str) -> HttpResponse:
    """`?evaluation=`, `?enrollment=` or `?replaces=` say what it is about, and fill in what is known."""
    student = student_or_404(request.user, student_id)
    access.check_may_write(request.user, student)
    row = next(
        (each for each in offered(student.state.profile, timezone.localdate()) if each.kind == kind), None
    )
    if row is None:
        raise Http404
    request.user.looked_at(student.pk, "writing a notice")
    about = _about(request, student)
    form = NoticeForm(row, request.POST or None, initial=_first(row, student, about))
    if request.method == "POST" and form.is_valid() and (notice := _write(request, student, form, about)):
        return redirect("notices:notice", notice.pk)
    context = {"student": student, "ids": ids_of(student), "row": row, "form": form, "about": about}
    return render(request, "notices/write.html", context, status=400 if form.errors else 200)


def save(request: HttpRequest, notice: Notice, form: NoticeForm) -> Notice | bool:
    """The draft as typed; issued too when that button was pressed. False when it was refused."""
    typed, seen = form.typed(), form.cleaned_data["seen"]
    return _saved(
        request, form, lambda: actions.change(by=request.user, notice=notice, typed=typed, seen=seen)
    )


def _write(request: HttpRequest, student: Student, form: NoticeForm, about: dict) -> Notice | bool:
    typed = form.typed()
    return _saved(
        request, form,
        lambda: actions.draft(by=request.user, student=student, kind=form.row.kind, typed=typed, **about),
    )  # fmt: skip


def _saved(request: HttpRequest, form: NoticeForm, keep) -> Notice | bool:
    if notice := tried(form, lambda: _kept(request, keep, form.to_issue)):
        messages.success(request, ISSUED if form.to_issue else DRAFTED)
    return notice


@transaction.atomic
def _kept(request: HttpRequest, keep, to_issue: bool) -> Notice:
    notice = keep()
    return actions.issue(by=request.user, notice=notice, on=timezone.localdate()) if to_issue else notice


def _about(request: HttpRequest, student: Student) -> dict:
    """What the address names, when it is this student's."""
    named = {"evaluation": Evaluation, "enrollment": Enrollment, "replaces": Notice}
    found = {}
    for name, model in named.items():
        number = request.GET.get(name, "")
        if number.isascii() and number.isdigit() and len(number) < 19:
            row = model.objects.visible_to(request.user).filter(pk=number, student=student).first()
            found |= {name: row} if row else {}
    return found


def _first(row: NoticeRow, student: Student, about: dict) -> dict:
    first = begins_with(row, student)
    if replaced := about.get("replaces"):
        return first | initial_of(replaced) | {"seen": None}
    evaluation = about.get("evaluation")
    if evaluation and row.kind == Kind.PRIOR_WRITTEN:
        return first | _of_determination(evaluation)
    return first


def _of_determination(evaluation: Evaluation) -> dict:
    """What the evaluation already says; the reasons are the writer's."""
    decided = evaluation.determination_date
    on = f" on {in_words(decided)}" if decided else ""
    found = ", ".join(each.name for each in evaluation.exceptionalities.all() if each.rank == 1)
    outcome = evaluation.outcome_name.partition(" - ")[0]
    action = f"The team decided{on}: {outcome}{f' ({found})' if found else ''}." if evaluation.outcome else ""
    return {
        "position": "proposes",
        "about": ["identification", "evaluation"],
        "action": action,
        "basis": f"{evaluation.title}, report of {in_words(decided)}." if decided else "",
    }
