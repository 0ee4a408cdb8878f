"""Two records of one child: compared side by side, merged, and parted again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from security.models import User
from security.views.tried import did, tried
from students.access import jurisdiction_in_view, student_or_404
from students.actions.merge import check_may_merge, merge, merges_of, undo_merge
from students.forms import MergeForm
from students.merge_plan import MergePlan, plan_of
from students.models import Student, StudentMerge
from students.search import find
from ui.dates import in_words

NOT_FOUND = "No other record that you can see has this number."


def merge_records(request: HttpRequest, pk: int) -> HttpResponse:
    """GET looks for the other record and shows what a merge would do; POST merges."""
    student = student_or_404(request.user, pk)
    check_may_merge(request.user, student)
    request.user.looked_at(student.pk, "merge")
    typed = request.POST.get("other", request.GET.get("other", "")).strip()
    other = _other(request.user, student, typed)
    if other is None:
        missed = NOT_FOUND if typed else ""
        context = {"student": student, "typed": typed, "missed": missed}
        return render(request, "students/merge_find.html", context)
    check_may_merge(request.user, other)
    request.user.looked_at(other.pk, "merge")
    return _compare(request, student, plan_of(*_in_order(request, student, other)), typed)


@require_safe
def merges(request: HttpRequest, pk: int) -> HttpResponse:
    """The merges of a child, each of which can be undone."""
    student = student_or_404(request.user, pk)
    request.user.looked_at(student.pk, "merges")
    rows = merges_of(student)
    people = {person.pk: str(person) for person in User.objects.filter(pk__in=[row.by_id for row in rows])}
    lines = [(row, people.get(row.by_id, "somebody")) for row in rows]
    return render(request, "students/merges.html", {"student": student, "lines": lines})


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    kept = student_or_404(request.user, get_object_or_404(StudentMerge, pk=pk).kept_id)
    done = next((row for row in merges_of(kept) if row.pk == pk), None)
    if done is None:
        raise Http404
    said = "The merge was undone: both records stand by themselves again."
    did(request, lambda: undo_merge(by=request.user, done=done), said)
    return redirect("students:merges", kept.pk)


def _compare(request: HttpRequest, student: Student, plan: MergePlan, typed: str) -> HttpResponse:
    sent = request.POST if "reason" in request.POST else None
    form = MergeForm(sent, initial={"goes_on": plan.kept.pk, "key": plan.key})
    if form.is_bound and form.is_valid() and _merged(request, plan, form):
        return redirect("caseload:student", plan.kept.pk)
    context = {
        "student": student,
        "plan": plan,
        "form": form,
        "typed": typed,
        "parts": [part for part in plan.parts if part.moving or part.staying],
        "compared": list(_compared(plan)),
    }
    return render(request, "students/merge.html", context)


def _other(user: User, student: Student, typed: str) -> Student | None:
    """Found by any number, in the reader's scope."""
    found = find(user, typed, most=2) if typed else []
    sure = [hit.student for hit in found if hit.certain and hit.student.pk != student.pk]
    return Student.objects.one_visible_to(user, sure[0].pk) if sure else None


def _in_order(request: HttpRequest, student: Student, other: Student) -> tuple[Student, Student]:
    """The record that goes on first: the one chosen, else the one that the page was opened from."""
    chosen = request.POST.get("goes_on") or request.GET.get("goes_on") or str(student.pk)
    if chosen not in (str(student.pk), str(other.pk)):
        raise Http404
    return (student, other) if chosen == str(student.pk) else (other, student)


def _merged(request: HttpRequest, plan: MergePlan, form: MergeForm) -> bool:
    typed = {name: form.cleaned_data[name] for name in ("reason", "key", "checked")}
    if not tried(form, lambda: merge(by=request.user, kept=plan.kept, merged=plan.merged, **typed)):
        return False
    number = plan.merged.state_student_id
    messages.success(request, f"The two records are one. {number} still finds this child.")
    return True


def _compared(plan: MergePlan):
    """For each fact its name, both values, and whether they differ."""
    kept, merged = _facts(plan.kept), _facts(plan.merged)
    for name in kept:
        yield name, kept[name], merged[name], kept[name] != merged[name]


def _facts(child: Student) -> dict[str, str]:
    row = jurisdiction_in_view(child)
    return {
        "State ID": child.state_student_id,
        "Last name": child.last_name,
        "First name": child.first_name,
        "Middle name": child.middle_name,
        "Birth date": in_words(child.birth_date),
        "Sex": child.sex,
        "Grade": child.grade,
        "Answers for the child": str(row.district) if row and row.last_day is None else "nobody today",
    }
