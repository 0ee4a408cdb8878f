"""A student leaves a school, or never came."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from enrollment.access import check_may_exit
from enrollment.actions import exit_student, mark_no_show
from enrollment.actions.exit import no_show_code
from enrollment.actions.nonpublic import why_not_transfer
from enrollment.facts import calendar_on, exit_facts, profile_of
from enrollment.forms.entry_exit import ExitForm, NoShowForm
from enrollment.models import Enrollment
from enrollment.picker import Offer, offer
from enrollment.rules.backdating import PhantomPeriod, phantom_period
from enrollment.rules.codes import Kind, exit_code
from enrollment.rules.effects import effects_of_exit
from enrollment.rules.exits import why_not_exit
from enrollment.rules.facts import REGISTERED
from enrollment.views.effects import shown_effects
from organizations.rules.calendar import is_open
from security.views.tried import tried
from students.access import jurisdiction_in_view
from students.facts import short_facts
from ui.dates import DateNotUnderstood, in_words, read_day

NO_SHOW = "/no-show"
Verb = Callable[..., Enrollment]
LONGEST_STRIP = 28  # days drawn one by one


@dataclass(frozen=True)
class Typed:
    """What stands in the form now, as far as it can be understood."""

    code: str
    day: date | None
    trouble: str
    how_known: str


def exit_enrollment(request: HttpRequest, pk: int) -> HttpResponse:
    """The exit form; Find, a submit button, searches the codes without saving."""
    enrollment = enrollment_or_404(request, pk)
    check_may_exit(request.user, enrollment)
    finding = "find" in request.POST
    first = {"last_day": in_words(likely_last_day(enrollment, timezone.localdate()))}
    data = request.POST if request.method == "POST" and not finding else None
    form = ExitForm(data, initial=first | request.POST.dict())
    if form.is_bound and form.is_valid() and _saved(request, form, enrollment, exit_student):
        return redirect("caseload:student", enrollment.student_id)
    if request.method == "GET" and enrollment.last_day:
        return _already_ended(request, enrollment)
    return _page(request, "enrollment/exit.html", form, enrollment)


def no_show(request: HttpRequest, pk: int) -> HttpResponse:
    """A registered student who never came. The code follows from the special education roster."""
    enrollment = enrollment_or_404(request, pk)
    check_may_exit(request.user, enrollment)
    first = {"last_day": in_words(likely_last_day(enrollment, timezone.localdate()))}
    form = NoShowForm(request.POST or None, initial=first)
    if form.is_bound and form.is_valid() and _saved(request, form, enrollment, mark_no_show):
        return redirect("caseload:student", enrollment.student_id)
    if request.method == "GET" and enrollment.last_day:
        return _already_ended(request, enrollment)
    if request.method == "GET" and not _is_registered(enrollment):
        return _has_attended(request, enrollment)
    return _page(request, "enrollment/no_show.html", form, enrollment)


@require_POST
def exit_effects(request: HttpRequest, pk: int) -> HttpResponse:
    """What the exit would do, while it is typed. Saves nothing; posted, so no address holds the words."""
    enrollment = enrollment_or_404(request, pk)
    context = _consequences(request, enrollment) | {"enrollment": enrollment, "partial": True}
    return render(request, "enrollment/exit_effects.html", context)


@require_safe
def exit_codes(request: HttpRequest, pk: int) -> HttpResponse:
    """The options of the picker for the words typed."""
    enrollment = enrollment_or_404(request, pk)
    found = offered(
        enrollment, request.GET.get("code_q", ""), request.GET.get("code", ""), timezone.localdate()
    )
    return render(request, "ui/code_options.html", found.context("code"))


def enrollment_or_404(request: HttpRequest, pk: int) -> Enrollment:
    rows = Enrollment.objects.visible_to(request.user).select_related(
        "student__state", "district__state", "site"
    )
    enrollment = rows.filter(pk=pk).first()
    if enrollment is None:
        raise Http404
    request.user.looked_at(enrollment.student_id, "exit")
    return enrollment


def offered(enrollment: Enrollment, query: str, chosen: str, on: date) -> Offer:
    return offer(profile_of(enrollment.district), Kind.EXIT, query, on, chosen)


def _saved(request: HttpRequest, form: NoShowForm, enrollment: Enrollment, verb: Verb) -> bool:
    typed = dict(form.cleaned_data)
    on = typed.pop("last_day")
    left = tried(form, lambda: verb(by=request.user, enrollment=enrollment, on=on, **typed))
    if not left:
        enrollment.refresh_from_db()
        return False
    messages.success(request, _told(left))
    return True


def _told(left: Enrollment) -> str:
    due = f" Documentation is due {in_words(left.documentation_due)}." if left.documentation_due else ""
    return (
        f"{left.student.full_name} left {left.site} with {left.exit_code},"
        f" effective {in_words(left.last_day)}.{due}"
    )


def _already_ended(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    messages.info(
        request,
        f"The enrollment at {enrollment.site} already ended on {in_words(enrollment.last_day)}"
        f" with {enrollment.exit_code}. Nothing was changed.",
    )
    return redirect("caseload:student", enrollment.student_id)


def likely_last_day(enrollment: Enrollment, today: date) -> date:
    """The last day attended as far as the school has told, else today; never before the entry."""
    return max(min(enrollment.last_attended or today, today), enrollment.first_day)


def _is_registered(enrollment: Enrollment) -> bool:
    return enrollment.stage == REGISTERED and not enrollment.attended


def _has_attended(request: HttpRequest, enrollment: Enrollment) -> HttpResponse:
    name = enrollment.student.first_name
    messages.info(request, f"{name} has attended {enrollment.site}, so this is an exit and not a no-show.")
    return redirect("enrollment:exit", enrollment.pk)


def _page(request: HttpRequest, template: str, form: NoShowForm, enrollment: Enrollment) -> HttpResponse:
    student, today = enrollment.student, timezone.localdate()
    jurisdiction = jurisdiction_in_view(student)
    context = {
        "form": form,
        "enrollment": enrollment,
        "student": student,
        "facts": short_facts(student, jurisdiction, enrollment.site, today),
        "is_registered": _is_registered(enrollment),
        "may_move": why_not_transfer(enrollment) is None,
    }
    return render(request, template, context | _consequences(request, enrollment))


def _consequences(request: HttpRequest, enrollment: Enrollment) -> dict[str, object]:
    """Everything on the page that follows from what is typed: codes, effects, backdating, the button."""
    today = timezone.localdate()
    typed = _typed(request, enrollment, today)
    row = exit_code(profile_of(enrollment.district), typed.code)
    facts = exit_facts(enrollment, how_known=typed.how_known, today=today, on=typed.day)
    effects = effects_of_exit(row, facts, typed.day or today, today) if row else ()
    refusal = why_not_exit(row, facts, typed.day) if row and typed.day else ""
    return {
        "offer": offered(enrollment, request.POST.get("code_q", ""), typed.code, typed.day or today),
        "effects": shown_effects(effects, day_known=typed.day is not None),
        "refusal": refusal,
        "row": row,
        "typed": typed,
        "phantom": _phantom(enrollment, typed.day, today),
        "summary": f"{row.code}, {in_words(typed.day) if typed.day else 'date unknown'}" if row else "",
    }


def _typed(request: HttpRequest, enrollment: Enrollment, today: date) -> Typed:
    first = in_words(likely_last_day(enrollment, today))
    words, trouble, day = request.POST.get("last_day", first).strip(), "", None
    try:
        day = read_day(words, today) if words else None
    except DateNotUnderstood as reason:
        trouble = str(reason)
    how_known = request.POST.get("how_known", "")
    code = request.POST.get("code", "")
    if not code and request.path.endswith(NO_SHOW):
        code = no_show_code(enrollment, day or today)
    return Typed(code, day, trouble, how_known)


def _phantom(enrollment: Enrollment, day: date | None, today: date) -> dict[str, object] | None:
    """The days on which the feed shows the student as active though they had left (OSSE R10.02)."""
    period = phantom_period(day, today) if day else None
    if period is None or day < enrollment.first_day:
        return None
    calendar = calendar_on(enrollment, day)
    closed = calendar.closed_days() if calendar else frozenset()
    return {
        "period": period,
        "lag": (today - day).days,
        "school_days": len(period.school_days(closed)),
        "strip": _strip(period, closed) if len(period.days) <= LONGEST_STRIP else (),
    }


def _strip(period: PhantomPeriod, closed: frozenset[date]) -> list[tuple[date, bool]]:
    return [(day, is_open(day, closed)) for day in period.days]
