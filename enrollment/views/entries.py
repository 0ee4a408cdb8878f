"""A student enters: a child seen for the first time, or one already known."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.access import districts_to_enter, sites_to_enter
from enrollment.actions import enter_student
from enrollment.facts import profile_of
from enrollment.forms.entry_exit import EntryForm, NewChildForm
from enrollment.models import Enrollment
from enrollment.picker import Offer, offer
from enrollment.rules.codes import Kind
from organizations.models import District
from security import scope
from security.access import who_can
from security.refusals import NotAllowed
from security.rules.roles import Permission
from security.views.tried import tried
from students.access import jurisdiction_in_view, student_or_404
from students.actions.register import Child
from students.facts import short_facts
from students.models import Jurisdiction, Student
from students.search import similar_and_born_on
from ui.dates import in_words


def enter(request: HttpRequest) -> HttpResponse:
    """A child is written down and enrolled. A likely twin is shown before anything is saved."""
    places = _places(request)
    form = NewChildForm(**_typed(request, **_likely(places)), **places)
    twins: list[Student] = []
    if form.is_bound and form.is_valid():
        twins = _twins(request, form)
        if not twins and (entered := _saved(request, form, form.child())):
            return redirect("caseload:student", entered.student_id)
    context = {"form": form, "twins": twins, "offer": _offer(request, form.chosen_district)}
    return render(request, "enrollment/enter.html", context)


def enter_known(request: HttpRequest, pk: int) -> HttpResponse:
    """A child of this district, or one it was responsible for, enters again."""
    student = student_or_404(request.user, pk)
    request.user.looked_at(student.pk, "entry")
    places, jurisdiction = _places(request), jurisdiction_in_view(student)
    form = EntryForm(**_typed(request, grade=student.grade, **_likely(places, jurisdiction)), **places)
    if form.is_bound and form.is_valid() and (entered := _saved(request, form, student)):
        return redirect("caseload:student", entered.student_id)
    facts = short_facts(student, jurisdiction, None, timezone.localdate())
    context = {
        "form": form,
        "student": student,
        "facts": facts,
        "offer": _offer(request, form.chosen_district),
    }
    return render(request, "enrollment/enter.html", context)


@require_safe
def entry_codes(request: HttpRequest) -> HttpResponse:
    """The options of the picker for the words typed."""
    districts = _places(request)["districts"]
    chosen = next((row for row in districts if str(row.pk) == request.GET.get("district")), districts[0])
    found = offer(
        profile_of(chosen),
        Kind.ENTRY,
        request.GET.get("code_q", ""),
        timezone.localdate(),
        request.GET.get("code", ""),
    )
    return render(request, "ui/code_options.html", found.context("code"))


def _typed(request: HttpRequest, **first: object) -> dict[str, object]:
    """What was posted, to be checked; Find, a submit button, only keeps it and searches the codes."""
    finding = "find" in request.POST
    data = request.POST if request.method == "POST" and not finding else None
    return {"data": data, "initial": first | request.POST.dict()}


def _likely(places: dict[str, list], jurisdiction: Jurisdiction | None = None) -> dict[str, object]:
    """What is mostly so: today, at the school where the child was, or the only one there is."""
    known = {site.pk for site in places["sites"]}
    site = jurisdiction.site_id if jurisdiction and jurisdiction.site_id in known else None
    only = next(iter(known)) if len(known) == 1 else None
    return {"first_day": in_words(timezone.localdate()), "site": site or only}


def _places(request: HttpRequest) -> dict[str, list]:
    districts = districts_to_enter(request.user)
    if not districts:
        raise NotAllowed(f"Only {who_can(Permission.ENTER_EXIT)} can enter students.")
    return {"districts": districts, "sites": sites_to_enter(request.user, timezone.localdate())}


def _offer(request: HttpRequest, district: District) -> Offer:
    query, chosen = request.POST.get("code_q", ""), request.POST.get("code", "")
    return offer(profile_of(district), Kind.ENTRY, query, timezone.localdate(), chosen)


def _saved(request: HttpRequest, form: EntryForm, child: Student | Child) -> Enrollment | None:
    typed = form.cleaned_data
    entered = tried(
        form,
        lambda: enter_student(
            by=request.user, child=child, district=form.chosen_district, site=form.chosen_site,
            code=typed["code"], on=typed["first_day"], grade=typed["grade"], papers=form.papers(),
            local_student_id=typed["local_student_id"], takes_over=typed["takes_over"],
        ),
    )  # fmt: skip
    if not entered:
        return None
    messages.success(
        request,
        f"{entered.student.full_name} entered {entered.site} with {entered.entry_code},"
        f" effective {in_words(entered.first_day)}.",
    )
    return entered


def _twins(request: HttpRequest, form: NewChildForm) -> list[Student]:
    """Children of the whole state that may be this one, unless the person has checked. Adds the message."""
    child = form.child()
    if form.cleaned_data["another_child"]:
        return []
    with scope.elevated():
        found = similar_and_born_on(f"{child.last_name} {child.first_name}", child.birth_date)
    twins = [student for student in found if student.state_student_id != child.state_student_id]
    if twins:
        form.add_error(
            "another_child",
            "The state already has a child with a similar name, born on this day, under another number."
            " Check the number; if it is another child, say so here.",
        )
    mine = Student.objects.visible_to(request.user).filter(pk__in=[twin.pk for twin in twins])
    for twin in twins:
        twin.is_mine = any(twin.pk == student.pk for student in mine)
    return twins
