"""The page of one evaluation: its steps, what is missing, the form of the next step, its history."""

from collections.abc import Iterator

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from evaluations import access
from evaluations.actions.extension import waiting
from evaluations.beside import said_beside
from evaluations.copies import copies_of
from evaluations.history import versions_of
from evaluations.models import Evaluation, Extension
from evaluations.models.unfinished import SECTION
from evaluations.progress import components_of, counted, has_parts, sections_of, team_of
from evaluations.report import reports_of
from evaluations.rules import locking
from evaluations.rules.codes import EvaluationType, exceptionality, extension, not_enrolled_as
from evaluations.rules.due_days import reevaluation_due
from evaluations.rules.stages import Stage, row_of
from evaluations.stages import stage_of
from evaluations.steps import COPY, STEPS, Step, initial_of, next_step
from evaluations.views.lists import stage_status
from organizations.rules.calendar import in_words
from security.models import User
from security.views.reauthentication import asked_again
from security.views.tried import tried
from students.facts import short_facts
from students.models import Student
from ui.parts import Check, Fact, Phase

RECENT = 4
PARTS = ("exceptionalities", "components__evaluator", "team", "texts__saved_by", "copies")
WHERE = {
    "eligibility meeting": ("meeting", "id_on"),
    "team of the meeting": ("member", "id_name"),
    "a component with its evaluator": ("component", "id_area"),
    "agreement of parents and district": ("waiver", "id_parent_name"),
    "consent date": ("consent", "id_consent_date"),
    "determination date": ("determination", "id_on"),
    "outcome": ("determination", "id_outcome_0"),
    "primary exceptionality": ("determination", "id_primary"),
    "late reason": ("determination", "id_late_reason"),
}


def found(request: HttpRequest, pk: int) -> Evaluation:
    """404 outside of the person's scope."""
    rows = Evaluation.objects.visible_to(request.user).select_related(
        "student__state", "district__state", "locked_by", "coordinator", "waiver"
    )
    return get_object_or_404(rows.prefetch_related(*PARTS), pk=pk)


@require_safe
def evaluation(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "evaluation")
    asked = STEPS.get(request.GET.get("step", ""))
    step = asked if asked and asked.fits(this) else next_step(this)
    initial = initial_of(this, step, request.GET.get("member", ""))
    return show(request, this, step, step.form(initial=initial, evaluation=this))


@require_POST
def step(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    this, chosen = found(request, pk), STEPS[name]
    if name == "unlock" and (question := asked_again(request)):
        return question
    form = chosen.form(request.POST, evaluation=this)
    if form.is_valid() and tried(form, lambda: chosen.deed(request.user, this, form)):
        messages.success(request, chosen.said)
        return redirect("evaluations:list") if name == "discard" else redirect("evaluations:evaluation", pk)
    return show(request, found(request, pk), chosen, form, status=400)


@require_safe
def history(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "history of an evaluation")
    context = {
        "evaluation": this,
        "ids": ids_of(this.student),
        "versions": versions_of(this),
        "heads": ["Before", "After"],
    }
    return render(request, "evaluations/history.html", context)


def show(request: HttpRequest, this: Evaluation, step: Step, form, status: int = 200) -> HttpResponse:
    user, versions, asked = request.user, versions_of(this), waiting(this)
    context = {
        **parts_of(this),
        **again_of(user, this),
        "evaluation": this,
        "ids": ids_of(this.student),
        "status": stage_status(this),
        "phases": phases_of(this),
        "step": step,
        "form": form,
        "asked": asked_of(asked) if step.name == "extension-decision" else [],
        "why_not": why_not(user, this, step),
        "discard_form": STEPS["discard"].form(
            initial=initial_of(this, STEPS["discard"]), prefix=None, auto_id="discard_%s"
        ),
        "ended": stage_of(this) == Stage.ENDED,
        "may_edit": access.why_not_edit(user, this) is None,
        "facts": facts_of(this),
        "checks": checks_of(this, asked),
        "corrections": corrections_of(this, step, asked),
        "beside": said_beside(user, this),
        "reports": reports_of(this),
        "copies": copies_of(user, this),
        "versions": versions[:RECENT],
        "more": max(0, len(versions) - RECENT),
    }
    return render(request, "evaluations/evaluation.html", context, status=status)


def parts_of(this: Evaluation) -> dict[str, object]:
    """The panels of what the evaluation is made of."""
    (done, needed), sections = counted(this), sections_of(this)
    return {
        "has_parts": has_parts(this),
        "components": components_of(this),
        "team": team_of(this),
        "sections": sections,
        "go_on": next((each for each in sections if each.tone == "warn"), None),
        "done": done,
        "needed": needed,
        "ready": f"{done} of {needed} needed sections written" if needed else "",
        "met": in_words(this.met_on) if this.met_on else "",
    }


def again_of(user: User, this: Evaluation) -> dict[str, object]:
    """A locked evaluation is where the next one begins."""
    if not this.locked or not this.determination_date or access.why_not_refer(user, this.student):
        return {}
    url = reverse("evaluations:refer", args=[this.student_id])
    return {
        "may_reevaluate": True,
        "again_url": f"{url}?kind={EvaluationType.REEVALUATION}",
        "again_due": reevaluation_due(this.determination_date),
    }


def asked_of(asked: Extension | None) -> list[Fact]:
    """What the supervisor decides by."""
    if asked is None:
        return []
    by = User.objects.filter(pk=asked.asked_by_id).first()
    return [
        Fact("Asked for by", by or "somebody", in_words(timezone.localdate(asked.asked_at))),
        Fact("Longer until", in_words(asked.to)),
        Fact("Why", str(extension(asked.code) or asked.code), asked.reason),
    ]


def why_not(user, this: Evaluation, step: Step) -> str | None:
    if stage_of(this) == Stage.ENDED:
        return f"This evaluation has ended: {this.outcome_name}."
    asked = {
        "lock": access.why_not_lock,
        "unlock": access.why_not_unlock,
        "extension-decision": access.why_not_decide_extension,
        COPY: access.why_not_give_copy,
    }
    return asked.get(step.name, access.why_not_edit)(user, this)


def corrections_of(this: Evaluation, shown: Step, asked: Extension | None) -> list[Step]:
    """The other steps whose values may still be set or corrected."""
    return [STEPS[name] for name in _possible(this, asked) if name != shown.name]


def _possible(this: Evaluation, asked: Extension | None) -> Iterator[str]:
    if stage_of(this) == Stage.ENDED:
        return
    if this.needs_consent:
        yield "consent-request"
        yield "consent"
        if not this.consent_date:
            yield "no-assessment"
            if this.consent_requested_on:
                yield "consent-refusal"
        if this.consent_date and not this.outcome:
            yield "consent-revocation"
            yield "extension-decision" if asked else "extension"
    yield "determination" if has_parts(this) else "waiver"
    if this.determination_date:
        yield "dissemination"


def phases_of(this: Evaluation) -> list[Phase]:
    """The way that this evaluation goes: its stages so far and those to come."""
    reached, shown = stage_of(this), _way(this)
    upcoming = next_step(this).stage
    at = shown.index(reached)
    return [
        Phase(
            row_of(stage).name.capitalize(),
            "done" if n <= at else "now" if stage is upcoming else "todo",
            _note(this, stage, n <= at),
        )
        for n, stage in enumerate(shown)
    ]


def _way(this: Evaluation) -> list[Stage]:
    asked = [Stage.CONSENT_REQUESTED]
    if this.consent_refused_on:
        asked.append(Stage.CONSENT_REFUSED)
    asked.append(Stage.CONSENT_RECEIVED)
    reached = stage_of(this)
    # An old record may have a consent that its type asks for no more, and none of a meeting.
    way = [Stage.REFERRED, *(asked if this.needs_consent or reached in asked else [])]
    if reached == Stage.ENDED:
        return [*way, Stage.ENDED]
    meets = this.met_on is not None or (this.needs_consent and not this.outcome)
    return [*way, *([Stage.MET] if meets else []), Stage.DETERMINED, Stage.LOCKED]


def _note(this: Evaluation, stage: Stage, reached: bool) -> str:
    day = {
        Stage.REFERRED: this.referral_date,
        Stage.CONSENT_REQUESTED: this.consent_requested_on,
        Stage.CONSENT_REFUSED: this.consent_refused_on,
        Stage.CONSENT_RECEIVED: this.consent_date,
        Stage.MET: this.met_on,
        Stage.DETERMINED: this.determination_date,
        Stage.LOCKED: this.locked_at and timezone.localtime(this.locked_at).date(),
        Stage.ENDED: this.consent_revoked_on,
    }[stage]
    if day:
        return in_words(day)
    return "no date kept" if reached else "to come"


def ids_of(student: Student) -> list[Fact]:
    return [*short_facts(student, None, None, timezone.localdate()), Fact("Born", student.birth_date)]


def facts_of(this: Evaluation) -> list[Fact]:
    ranked = [(each.rank, exceptionality(each.code), each.code) for each in this.exceptionalities.all()]
    named = [(rank, str(row or code)) for rank, row, code in ranked]
    outside = not_enrolled_as(this.not_enrolled)
    others = ", ".join(name for rank, name in named if rank > 1)
    facts = [
        Fact("Type", this.kind_name),
        Fact("Not enrolled", outside.name if outside else ""),
        Fact("Reason for the referral", this.referral_reason),
        Fact("Coordinator", this.coordinator or this.coordinator_staff_id),
        Fact("Extended until", this.extended_to and in_words(this.extended_to)),
        Fact("Report given out", this.dissemination_date and in_words(this.dissemination_date)),
        Fact(
            "Outcome", this.outcome_name, in_words(this.determination_date) if this.determination_date else ""
        ),
        Fact("Primary exceptionality", next((name for rank, name in named if rank == 1), "")),
        Fact("Other exceptionalities", others),
        Fact("Summary", this.summary),
        Fact("Locked by", this.locked_by or "", f"version {this.lock_version}" if this.locked else ""),
        Fact("From", this.get_source_display() if this.legacy_key else ""),
    ]
    return [fact for fact in facts if fact.value]


def checks_of(this: Evaluation, asked: Extension | None) -> list[Check]:
    """What a lock still asks for, each with a link to where it is done."""
    if this.locked or stage_of(this) == Stage.ENDED:
        return []
    facts, page = this.facts(), reverse("evaluations:evaluation", args=[this.pk])
    missing = [
        Check("bad", _told(name), url=_link(page, name))
        for name in locking.missing_to_lock(facts)
        if not name.startswith(SECTION)
    ]
    done, needed = counted(this)
    if done < needed:
        words = f"{needed - done} sections of the report are not written"
        missing.append(Check("bad", words, url=f"{page}#report"))
    against = [
        Check("warn", contradiction.sentence, url=f"{page}?step=determination#id_on")
        for contradiction in locking.contradictions(facts, timezone.localdate())
    ]
    if asked:
        words = f"A longer time until {in_words(asked.to)} waits for the supervisor"
        against.append(Check("warn", words, url=f"{page}?step=extension-decision"))
    return [*missing, *against] or [Check("good", "Everything that a lock asks for is here")]


def _told(name: str) -> str:
    state = "is not completed" if name.startswith("component ") else "is missing"
    return f"{name[0].upper()}{name[1:]} {state}"


def _link(page: str, name: str) -> str:
    step, target = WHERE.get(name, ("", ""))
    if name.startswith("component "):
        return f"{page}#components"
    if name.startswith("agreement or dissent"):
        return f"{page}#team"
    return f"{page}?step={step}#{target}" if step else ""
