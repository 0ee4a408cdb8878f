"""The steps that the page of an evaluation offers: a form each, and the verb that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils import timezone

from evaluations import actions
from evaluations.forms import (
    ConsentForm,
    ConsentRequestForm,
    CopyForm,
    DeterminationForm,
    ExtensionDecisionForm,
    ExtensionForm,
    GivenOutForm,
    LockForm,
    NoAssessmentForm,
    ReasonForm,
    RefusalForm,
    RevocationForm,
    SeenForm,
)
from evaluations.forms_of_parts import (
    WORDS,
    AssignmentForm,
    LeaveOutForm,
    MeetingForm,
    MemberForm,
    WaiverForm,
)
from evaluations.models import Evaluation
from evaluations.rules.codes import EvaluationType
from evaluations.rules.stages import Stage
from evaluations.stages import next_of
from security.models import User

COPY = "parent-copy"
Deed = Callable[[User, Evaluation, SeenForm], Any]


@dataclass(frozen=True)
class Step:
    """`deed` takes who, which evaluation, and the valid form; `said` is what the person reads afterwards."""

    name: str
    title: str
    button: str
    form: type[SeenForm]
    deed: Deed
    said: str
    stage: Stage | None = None

    def fits(self, evaluation: Evaluation) -> bool:
        """Taken now: once it is locked, a copy of the report and the unlocking alone are."""
        return self.name == COPY or (self.name == "unlock") == evaluation.locked


def _seen(form: forms.Form) -> int | None:
    return form.cleaned_data["seen"]


def _ask(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on = form.cleaned_data["consent_requested_on"]
    return actions.request_consent(by=by, evaluation=evaluation, on=on, seen=_seen(form))


def _consent(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on = form.cleaned_data["consent_date"]
    return actions.receive_consent(by=by, evaluation=evaluation, on=on, seen=_seen(form))


def _no_assessment(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on = form.cleaned_data["on"]
    return actions.tell_no_assessment(by=by, evaluation=evaluation, on=on, seen=_seen(form))


def _refusal(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
    return actions.refuse_consent(by=by, evaluation=evaluation, on=on, reason=reason, seen=_seen(form))


def _revocation(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on, reason = form.cleaned_data["on"], form.cleaned_data["reason"]
    return actions.revoke_consent(by=by, evaluation=evaluation, on=on, reason=reason, seen=_seen(form))


def _extension(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    longer = actions.Longer(**{name: form.cleaned_data[name] for name in ("code", "to", "reason")})
    return actions.ask_extension(by=by, evaluation=evaluation, longer=longer, seen=_seen(form))


def _extension_decision(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    approve, answer = form.cleaned_data["decision"] == "approve", form.cleaned_data["answer"]
    return actions.decide_extension(
        by=by, evaluation=evaluation, approve=approve, answer=answer, seen=_seen(form)
    )


def _give_out(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on = form.cleaned_data["on"]
    return actions.give_out(by=by, evaluation=evaluation, on=on, seen=_seen(form))


def _give_copy(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on, to = form.cleaned_data["on"], form.cleaned_data["to"]
    return actions.give_copy(by=by, evaluation=evaluation, on=on, to=to)


def _determine(by: User, evaluation: Evaluation, form: Any) -> Any:
    found = form.determination()
    return actions.record_determination(by=by, evaluation=evaluation, found=found, seen=_seen(form))


def _assign(by: User, evaluation: Evaluation, form: Any) -> Any:
    typed = form.cleaned_data
    return actions.assign_component(
        by=by, evaluation=evaluation, area=typed["area"], evaluator=form.people[typed["evaluator"]],
        on=typed["on"], seen=_seen(form),
    )  # fmt: skip


def _meet(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    on = form.cleaned_data["on"]
    return actions.record_meeting(by=by, evaluation=evaluation, on=on, seen=_seen(form))


def _member(by: User, evaluation: Evaluation, form: Any) -> Any:
    replaces = form.cleaned_data["replaces"]
    return actions.record_member(
        by=by, evaluation=evaluation, member=form.member(), replaces=replaces, seen=_seen(form)
    )


def _leave_out(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    member = form.cleaned_data["member"]
    return actions.leave_out_member(by=by, evaluation=evaluation, member=member, seen=_seen(form))


def _waive(by: User, evaluation: Evaluation, form: Any) -> Any:
    return actions.waive(by=by, evaluation=evaluation, agreement=form.agreement(), seen=_seen(form))


def _lock(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    return actions.lock(by=by, evaluation=evaluation, seen=_seen(form))


def _unlock(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    reason = form.cleaned_data["reason"]
    return actions.unlock(by=by, evaluation=evaluation, reason=reason, seen=_seen(form))


def _discard(by: User, evaluation: Evaluation, form: SeenForm) -> Any:
    reason = form.cleaned_data["reason"]
    return actions.discard(by=by, evaluation=evaluation, reason=reason, seen=_seen(form))


STEPS = {
    step.name: step
    for step in (
        Step(
            "consent-request", "Ask the parents for consent", "Save the request", ConsentRequestForm, _ask,
            "The request for consent is recorded.", Stage.CONSENT_REQUESTED,
        ),
        Step(
            "consent", "Written consent", "Save the consent", ConsentForm, _consent,
            "The consent is recorded. The clock of the evaluation runs from that day.",
            Stage.CONSENT_RECEIVED,
        ),
        Step(
            "no-assessment", "No further assessment is needed", "Save the day", NoAssessmentForm,
            _no_assessment, "The day is recorded. The clock of the evaluation runs from it.",
        ),
        Step(
            "consent-refusal", "Consent refused", "Save the refusal", RefusalForm, _refusal,
            "The refusal is recorded. The parents may be asked again.",
        ),
        Step(
            "consent-revocation", "Consent withdrawn", "Save the withdrawal", RevocationForm, _revocation,
            "The withdrawal is recorded. The evaluation has ended; what was done until then stays.",
        ),
        Step(
            "component", "Give out a component", "Give it out", AssignmentForm, _assign,
            "The component is given out. Its evaluator completes it.",
        ),
        Step(
            "meeting", "Eligibility meeting", "Save the meeting", MeetingForm, _meet,
            "The meeting is recorded. Next: who belonged to the team, and whether they agreed.", Stage.MET,
        ),
        Step(
            "member", "Member of the team", "Save the member", MemberForm, _member,
            "The member of the team is recorded.",
        ),
        Step(
            "member-out", "Take a member out", "Take out of the team", LeaveOutForm, _leave_out,
            "The member is taken out of the team. The history keeps the entry.",
        ),
        Step(
            "waiver", "Waiver of the reevaluation", "Save the waiver", WaiverForm, _waive,
            "The waiver is recorded. Next: lock it.",
        ),
        Step(
            "determination", "Determination", "Save the determination", DeterminationForm, _determine,
            "The determination is recorded. It can be corrected until it is locked.", Stage.DETERMINED,
        ),
        Step(
            "extension", "Ask for a longer time", "Ask the supervisor", ExtensionForm, _extension,
            "The extension is asked for. The supervisor decides about it.",
        ),
        Step(
            "extension-decision", "Decide about the extension", "Save the decision", ExtensionDecisionForm,
            _extension_decision, "The decision is recorded.",
        ),
        Step(
            "dissemination", "Report given out", "Save the day", GivenOutForm, _give_out,
            "The day on which the report was given out is recorded.",
        ),
        Step(
            COPY, "Copy for the parents", "Save the copy", CopyForm, _give_copy,
            "The copy that the parents got is recorded.",
        ),
        Step(
            "lock", "Lock the report", "Lock this evaluation", LockForm, _lock,
            "The evaluation is locked. Nobody can change it now.", Stage.LOCKED,
        ),
        Step(
            "unlock", "Unlock the report", "Unlock with this reason", ReasonForm, _unlock,
            "The evaluation is unlocked and can be corrected.",
        ),
        Step(
            "discard", "Discard this evaluation", "Discard it", ReasonForm, _discard,
            "The evaluation is discarded. The journal keeps who did it and why.",
        ),
    )
}  # fmt: skip


def next_step(evaluation: Evaluation) -> Step:
    """The step that the page opens with; unlocking once it is locked or has ended."""
    stage = next_of(evaluation)
    if stage in (Stage.MET, Stage.DETERMINED) and evaluation.kind == EvaluationType.WAIVER:
        return STEPS["waiver"]
    return next((step for step in STEPS.values() if step.stage and step.stage is stage), STEPS["unlock"])


def initial_of(evaluation: Evaluation, step: Step, member: str = "") -> dict[str, Any]:
    """What the form of a step begins with: what the evaluation holds now, and of its team this member."""
    if step.name in ("member", "member-out"):
        return {"seen": evaluation.version, **_member_of(evaluation, member)}
    if step.name == "waiver" and hasattr(evaluation, "waiver"):
        return {"seen": evaluation.version, "data_are_adequate": True, **model_to_dict(evaluation.waiver)}
    codes = {each.rank: each.code for each in evaluation.exceptionalities.all()}
    return {
        "seen": evaluation.version,
        "consent_requested_on": evaluation.consent_requested_on,
        "consent_date": evaluation.consent_date,
        "on": _day_of(evaluation, step),
        "outcome": evaluation.outcome,
        "primary": codes.get(1, ""),
        "others": [code for rank, code in sorted(codes.items()) if rank > 1],
        "delay_reason": evaluation.delay_reason,
        "late_reason": evaluation.late_reason,
        "summary": evaluation.summary,
    }


def _member_of(evaluation: Evaluation, member: str) -> dict[str, Any]:
    row = next((each for each in evaluation.team.all() if str(each.pk) == member), None)
    if row is None:
        return {"signed_on": evaluation.met_on}
    said = {answer: word for word, answer in WORDS.items()}[row.agrees]
    return {**model_to_dict(row), "replaces": row.pk, "member": row.pk, "said": said}


def _day_of(evaluation: Evaluation, step: Step) -> date | None:
    days = {
        "consent-refusal": evaluation.consent_refused_on,
        "component": timezone.localdate(),
        "meeting": evaluation.met_on,
        "determination": evaluation.determination_date or evaluation.met_on,
        "dissemination": evaluation.dissemination_date,
        COPY: timezone.localdate(),
    }
    return days.get(step.name)
