"""A child who transfers: what it brings along, comparable services, adopting the IEP or writing another."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from evaluations.rules.codes import exceptionality
from ieps import access, actions
from ieps.coming import Coming, coming
from ieps.models import Iep
from ieps.rules.codes import CodeSet, name_of
from ieps.transfer_forms import AdoptForm, ComparableForm, EndForm, OutsideForm, begins_with
from ieps.views.page import ids_of
from notices.views.shown import file_url
from security.models import User
from security.refusals import RuleBroken
from security.views.tried import tried
from students.access import responsible_today, student_or_404
from students.models import Student
from ui.dates import in_words
from ui.parts import Fact

REVIEW = "REV"
SETTINGS = (CodeSet.LRE_SCHOOL_AGE, CodeSet.LRE_EARLY_CHILDHOOD)
Deed = Callable[[User, Student, Coming, forms.Form], object]


@dataclass(frozen=True)
class Step:
    form: type[forms.Form]
    deed: Deed
    said: str
    needs_file: bool = False


def _adopt(by: User, student: Student, brought: Coming, form: forms.Form) -> object:
    if brought.iep is None:
        raise RuleBroken("There is no IEP of another district in effect.")
    return actions.adopt(by=by, iep=brought.iep, on=form.cleaned_data["on"])


def _comparable(by: User, student: Student, brought: Coming, form: forms.Form) -> object:
    outside = None if brought.iep else next(iter(brought.outside), None)
    return actions.begin_comparable(
        by=by, student=student, comparable=form.comparable(), iep=brought.iep, outside=outside
    )


def _end(by: User, student: Student, brought: Coming, form: forms.Form) -> object:
    if brought.running is None:
        raise RuleBroken("No comparable services are given.")
    return actions.end_comparable(by=by, services=brought.running, **form.cleaned_data)


def _outside(by: User, student: Student, brought: Coming, form: forms.Form) -> object:
    return actions.take_in_outside(
        by=by, student=student, outside=form.outside(), file=form.cleaned_data["file"]
    )


STEPS = {
    "adopt": Step(AdoptForm, _adopt, "The IEP is adopted: it is this district's own now."),
    "comparable": Step(ComparableForm, _comparable, "The comparable services are recorded."),
    "end": Step(EndForm, _end, "The end of the comparable services is recorded."),
    "outside": Step(OutsideForm, _outside, "The IEP of the other state is taken in."),
}


@require_safe
def transfer(request: HttpRequest, student_id: int) -> HttpResponse:
    student = student_or_404(request.user, student_id)
    request.user.looked_at(student.pk, "IEP and eligibility at a transfer")
    return _page(request, student)


@require_POST
def step(request: HttpRequest, student_id: int, name: str) -> HttpResponse:
    student = student_or_404(request.user, student_id)
    this = STEPS.get(name)
    if this is None:
        raise Http404
    brought = coming(student, responsible_today(student))
    form = this.form(request.POST, request.FILES, auto_id=f"{name}_%s")
    if form.is_valid() and tried(form, lambda: this.deed(request.user, student, brought, form)):
        messages.success(request, this.said)
        return redirect("ieps:transfer", student.pk)
    return _page(request, student, {name: form}, status=400)


@require_POST
def review(request: HttpRequest, student_id: int) -> HttpResponse:
    """A review of the district's own begins with the words of the earlier IEP."""
    student = student_or_404(request.user, student_id)
    brought = coming(student, responsible_today(student))
    try:
        draft = actions.begin_review_from(by=request.user, student=student, earlier=brought.iep)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("ieps:transfer", student.pk)
    messages.success(request, "The review is begun with the words of the earlier IEP.")
    return redirect("ieps:iep", draft.pk)


def _page(
    request: HttpRequest, student: Student, typed: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    place = responsible_today(student)
    brought, why_not = coming(student, place), access.why_not_receive(request.user, student)
    context = {
        "student": student,
        "place": place,
        "ids": ids_of(student),
        "brought": brought,
        "iep_facts": list(_iep_facts(brought.iep)) if brought.iep else [],
        "services": [(row, name_of(CodeSet.SERVICE, row.code)) for row in brought.services],
        "eligibility": list(_eligibility(brought)),
        "outside": [(row, file_url(row.document_id)) for row in brought.outside],
        "why_not": why_not,
        "why_not_adopt": access.why_not_adopt(request.user, brought.iep) if brought.iep else None,
        "forms": _forms(typed or {}, brought),
        "open": set(typed or {}),
        "interim_url": reverse("ieps:start", args=[student.pk]),
    }
    return render(request, "ieps/transfer.html", context, status=status)


def _forms(typed: dict[str, forms.Form], brought: Coming) -> dict[str, forms.Form]:
    words = "\n".join(f"{row.code} {name_of(CodeSet.SERVICE, row.code)}" for row in brought.services)
    outside = next(iter(brought.outside), None)
    initial = begins_with() | {"services": words or (outside.services if outside else "")}
    fresh = {
        name: each.form(
            initial=initial if name != "outside" else begins_with() | {"first_day": None},
            auto_id=f"{name}_%s",
        )
        for name, each in STEPS.items()
    }
    return {**fresh, **typed}


def _iep_facts(iep: Iep) -> Iterator[Fact]:
    setting = next(filter(None, (name_of(each, iep.lre) for each in SETTINGS)), "")
    yield Fact("District", iep.district)
    yield Fact("Type", iep.kind_name, iep.category_name)
    yield Fact("Team meeting", iep.meeting_date and in_words(iep.meeting_date))
    yield Fact("In effect to", in_words(iep.last_day) if iep.last_day else "not stated")
    if iep.lre:
        yield Fact("Environment", f"{iep.lre} {setting}".strip())


def _eligibility(brought: Coming) -> Iterator[Fact]:
    found = brought.eligibility
    if found is None:
        return
    names = [str(exceptionality(each.code) or each.code) for each in found.exceptionalities.all()]
    yield Fact("Exceptionality", ", ".join(names) or "not recorded")
    yield Fact("Determined", in_words(found.determination_date), str(found.district or ""))
