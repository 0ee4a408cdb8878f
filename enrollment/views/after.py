"""After the exit of one enrollment: where it stands, what counts, and each next step as a form in place."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from documents.models import Document
from enrollment.access import why_not_exit
from enrollment.actions.papers import row_of_exit
from enrollment.actions.support import due_diligence_of
from enrollment.after_exit import STEPS, Step
from enrollment.facts import profile_of
from enrollment.models import Decision, Enrollment, SedsState
from enrollment.rules.codes import Cohort, Dropout, ExitCode, SpecialEducationRoster, exit_code
from enrollment.rules.facts import ATTENDING
from organizations.models import Site
from security.models import User
from security.refusals import NotAllowed
from security.views.tried import tried
from students.access import jurisdiction_in_view
from students.facts import short_facts
from ui.dates import in_words
from ui.parts import Difference, Phase, Status

DECISIONS = {
    Decision.OPEN: Status("warn", "waits for the state", "schedule"),
    Decision.ACCEPTED: Status("good", "accepted"),
    Decision.REFUSED: Status("bad", "refused"),
}
BY_PAPERS = (SedsState.EXIT_CODED, SedsState.AUTO_EXITED)
ON_REQUEST = (
    (SedsState.PENDING_PWN, "Notice needed"),
    (SedsState.PWN_ISSUED, "Notice issued"),
    (SedsState.ADMIN_EXIT_REQUESTED, "Exit requested"),
    (SedsState.ADMIN_EXITED, "Off the roster"),
)


@dataclass(frozen=True)
class Offered:
    """A step and its form, bound when it was refused."""

    step: Step
    form: forms.Form
    open: bool


@require_safe
def after(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, found(request, pk))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    enrollment, chosen = found(request, pk), STEPS.get(name)
    if chosen is None:
        raise Http404
    form = chosen.form(request.POST, request.FILES, auto_id=f"{name}_%s")
    if refusal := chosen.why_not(request.user, enrollment):
        if not _belongs_to(request.user, enrollment, chosen):
            raise NotAllowed(refusal)
        messages.error(request, f"Nothing was changed. {refusal}")
        return redirect("enrollment:after", pk)
    if form.is_valid() and tried(form, lambda: chosen.deed(request.user, enrollment, form.cleaned_data)):
        messages.success(request, chosen.said)
        return redirect("enrollment:after", pk)
    return _page(request, found(request, pk), chosen, form)


def found(request: HttpRequest, pk: int) -> Enrollment:
    """404 outside of the person's scope. Opening it is noted."""
    rows = Enrollment.objects.visible_to(request.user).select_related(
        "student__state", "district__state", "site", "responsible_site", "exit_notice"
    )
    rows = rows.prefetch_related("exit_papers", "contact_attempts", "duties", "support_requests")
    enrollment = rows.filter(pk=pk).first()
    if enrollment is None:
        raise Http404
    request.user.looked_at(enrollment.student_id, "after the exit")
    return enrollment


def _belongs_to(user: User, enrollment: Enrollment, chosen: Step) -> bool:
    """May this person do such a step at all, were its time now?"""
    return chosen.why_not(user, enrollment) == chosen.hidden(enrollment)


def _page(
    request: HttpRequest, this: Enrollment, chosen: Step | None = None, form: forms.Form | None = None
) -> HttpResponse:
    today, student, row = timezone.localdate(), this.student, row_of_exit(this)
    offered = list(_offered(request.user, this, chosen, form))
    context = {
        "enrollment": this,
        "student": student,
        "facts": short_facts(student, jurisdiction_in_view(student), _now_at(this), today),
        "row": row,
        "phases": phases_of(this),
        "compared": compared(this, row) if row else [],
        "heads": ("As reported", "As it counts"),
        "papers": _papers(this),
        "due_words": f"It is due on {in_words(this.documentation_due)}." if this.documentation_due else "",
        "notice": getattr(this, "exit_notice", None),
        "offered": offered,
        "refused": form,
        "owed": [duty for duty in this.duties.all() if not duty.done_on],
        "why_nothing": "" if offered else _why_nothing(request.user, this),
        "may_exit": why_not_exit(request.user, this) is None and this.last_day is None,
        "is_registered": this.stage != ATTENDING,
    }
    return render(request, "enrollment/after.html", context, status=400 if form else 200)


def _offered(user: User, this: Enrollment, chosen: Step | None, form: forms.Form | None):
    for each in STEPS.values():
        if each is chosen and form is not None:
            yield Offered(each, form, True)
        elif each.why_not(user, this) is None:
            yield Offered(each, each.form(initial=_initial(each, this), auto_id=f"{each.name}_%s"), False)


def _initial(each: Step, this: Enrollment) -> dict[str, object]:
    if each.name == "decide":
        return {"paper": next(paper.pk for paper in this.exit_papers.all() if not paper.decision)}
    if each.name == "special-education":
        return {"on": this.last_day and in_words(this.last_day)}
    return {"due_diligence": due_diligence_of(this)} if each.name == "request" else {}


def _now_at(this: Enrollment) -> Site | None:
    return None if this.last_day else this.site


def _why_nothing(user: User, this: Enrollment) -> str:
    return why_not_exit(user, this) or "Nothing is left to do for this exit."


def _papers(this: Enrollment) -> list[dict[str, object]]:
    names = dict(
        Document.objects.filter(pk__in=[paper.document_id for paper in this.exit_papers.all()]).values_list(
            "pk", "name"
        )
    )
    return [
        {
            "name": names.get(paper.document_id, "file"),
            "url": reverse("documents:download", args=[paper.document_id]),
            "paper": paper,
            "status": DECISIONS[Decision(paper.decision)],
        }
        for paper in this.exit_papers.all()
    ]


def phases_of(this: Enrollment) -> list[Phase]:
    """The way that this exit goes; a child who is not on the roster has only left."""
    if this.last_day is None:
        return [Phase("Enrolled", "now"), Phase("Exit coded")]
    coded = Phase("Exit coded", "done", in_words(this.last_day))
    if this.seds_state in BY_PAPERS:
        off = this.seds_state == SedsState.AUTO_EXITED
        papers = Phase("Documentation", "done" if off else "now", _due_note(this))
        return [coded, papers, Phase("Off the roster", "done" if off else "todo")]
    states = [state for state, _ in ON_REQUEST]
    if this.seds_state not in states:
        return [coded]
    reached = states.index(SedsState(this.seds_state))
    last = len(states) - 1
    return [coded] + [
        Phase(label, "done" if n < reached or n == reached == last else "now" if n == reached else "todo")
        for n, (_, label) in enumerate(ON_REQUEST)
    ]


def _due_note(this: Enrollment) -> str:
    if this.documentation_accepted_at:
        return in_words(timezone.localdate(this.documentation_accepted_at))
    return f"due {in_words(this.documentation_due)}" if this.documentation_due else ""


def compared(this: Enrollment, row: ExitCode) -> list[Difference]:
    """R9.05: what was reported beside what counts, and what each means."""
    counts = exit_code(profile_of(this.district), this.effective_exit_code) or row
    same = counts.code == row.code
    return [
        Difference("Exit code", (str(row), str(counts)), differs=not same),
        Difference("Graduation cohort", (_cohort(row), _now_cohort(this)), differs=not same),
        Difference(
            "Dropout count", (_dropout(row), _dropout(counts)), differs=_dropout(row) != _dropout(counts)
        ),
        Difference("Special education roster", (_roster(row), this.get_seds_state_display())),
    ]


def _cohort(row: ExitCode) -> str:
    return "leaves once the state approves" if row.leaves_cohort == Cohort.AFTER_APPROVAL else "stays"


def _now_cohort(this: Enrollment) -> str:
    if this.cohort_left_at:
        return f"left, approved {in_words(timezone.localdate(this.cohort_left_at))}"
    return "stays"


def _dropout(row: ExitCode) -> str:
    return "counts in grades 7-12" if row.counts_as_dropout == Dropout.GRADES_7_TO_12 else "does not count"


def _roster(row: ExitCode) -> str:
    if row.leaves_special_education_roster == SpecialEducationRoster.LEAVES:
        return f"removed after the {row.evidence.value or 'evidence'} is seen"
    return row.condition.partition(" (slide")[0] or "stays"
