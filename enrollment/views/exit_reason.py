"""Why special education of one child ended: led to from the exits that no federal category is known for."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from enrollment import actions
from enrollment.access import why_not_record_reason
from enrollment.actions.exit_reason import GOES_ON
from enrollment.facts import profile_of
from enrollment.forms.exit_reason import ExitReasonForm
from enrollment.models import Enrollment, SpecialEducationActivity
from enrollment.rules.codes import exit_code, sped_exits_on
from enrollment.rules.exit_bases import exit_basis
from enrollment.rules.facts import ATTENDING
from organizations.rules.profiles import Profile
from security.refusals import NotAllowed
from security.views.tried import tried
from students.access import jurisdiction_in_view
from students.facts import short_facts
from students.models import Student
from ui.dates import in_words
from ui.parts import Fact


def exit_reason(request: HttpRequest, pk: int) -> HttpResponse:
    """`pk` of the time in special education that ended."""
    activity = _found(request, pk)
    student, profile = activity.student, Profile(activity.student.state.profile)
    if activity.goes_on(timezone.localdate()):
        messages.info(request, f"{GOES_ON} Nothing was changed.")
        return redirect("caseload:student", student.pk)
    form = ExitReasonForm(
        request.POST or None, reasons=sped_exits_on(profile, activity.last_day),
        initial={"reason": activity.exit_reason},
    )  # fmt: skip
    if form.is_bound and form.is_valid() and _saved(request, form, activity):
        return redirect("caseload:student", student.pk)
    facts = short_facts(student, jurisdiction_in_view(student), None, timezone.localdate())
    context = {
        "form": form, "activity": activity, "student": student, "facts": facts, "known": _known(activity),
    }  # fmt: skip
    return render(request, "enrollment/exit_reason.html", context, status=400 if form.errors else 200)


def _found(request: HttpRequest, pk: int) -> SpecialEducationActivity:
    """404 outside of the person's scope. Opening it is noted."""
    rows = SpecialEducationActivity.objects.filter(student__in=Student.objects.visible_to(request.user))
    activity = rows.select_related("student__state", "district__state").filter(pk=pk).first()
    if activity is None:
        raise Http404
    if sentence := why_not_record_reason(request.user, activity):
        raise NotAllowed(sentence)
    request.user.looked_at(activity.student_id, "why special education ended")
    return activity


def _saved(request: HttpRequest, form: ExitReasonForm, activity: SpecialEducationActivity) -> bool:
    reason = form.cleaned_data["reason"]
    verb = actions.record_exit_reason
    if not tried(form, lambda: verb(by=request.user, activity=activity, reason=reason)):
        return False
    name = dict(form.fields["reason"].choices)[reason]
    messages.success(request, f"Recorded: special education ended {in_words(activity.last_day)}, {name}.")
    return True


def _known(activity: SpecialEducationActivity) -> list[Fact]:
    """The end as it stands, and what the exit from school says of it."""
    begun, ended = in_words(activity.first_day), in_words(activity.last_day)
    found = [Fact("In special education", f"{begun} to {ended}", str(activity.district or ""))]
    left = _left_school(activity)
    if left is None:
        return [*found, Fact("Exit from school", "None by that day")]
    code = left.effective_exit_code or left.exit_code
    row = exit_code(profile_of(left.district), code)
    return [
        *found,
        Fact("Exit from school", str(row or code), f"effective {in_words(left.last_day)}"),
        Fact("Its federal basis of exit", *_said(profile_of(left.district), code)),
    ]


def _left_school(activity: SpecialEducationActivity) -> Enrollment | None:
    """The latest enrollment there that had ended by the end of special education."""
    attended = activity.student.enrollments.filter(stage=ATTENDING, no_show=False)
    rows = attended.filter(district=activity.district, last_day__lte=activity.last_day)
    return rows.select_related("district__state").order_by("last_day", "pk").last()


def _said(profile: Profile, code: str) -> tuple[str, str]:
    row = exit_basis(profile, code)
    if row is None:
        return "The code does not tell it", ""
    if len(row.federal_categories) == 1:
        return row.federal_categories[0], row.note or "holds as long as no reason is recorded"
    return " or ".join(row.federal_categories) or "The code does not tell it", row.note
