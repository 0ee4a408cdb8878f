"""The steps that the page after an exit offers: a form each, and the verb that it calls."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms

from enrollment import actions
from enrollment.access import why_not_decide, why_not_exit
from enrollment.actions.end_after_exit import why_not_end_after_exit
from enrollment.actions.notice import why_not_notice
from enrollment.actions.papers import row_of_exit, why_not_hand_in
from enrollment.actions.support import why_not_request
from enrollment.forms import after_exit as typed
from enrollment.models import Decision, DutyKind, Enrollment, ExitPaper
from enrollment.rules import documentation as rules
from security.models import User
from security.refusals import RuleBroken

Deed = Callable[[User, Enrollment, dict[str, Any]], Any]


@dataclass(frozen=True)
class Step:
    """`hidden` says why the step is not offered now, a sentence; `by_state`: the state alone may do it."""

    name: str
    title: str
    button: str
    form: type[forms.Form]
    deed: Deed
    said: str
    hidden: Callable[[Enrollment], str | None]
    by_state: bool = False

    def why_not(self, user: User, enrollment: Enrollment) -> str | None:
        may = why_not_decide(user) if self.by_state else why_not_exit(user, enrollment)
        return may or self.hidden(enrollment)


def _attempt(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.record_contact_attempt(by=by, enrollment=enrollment, **said)


def _paper(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.hand_in_paper(by=by, enrollment=enrollment, file=said["file"])


def _none(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.declare_no_documentation(by=by, enrollment=enrollment)


def _decide(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    paper = ExitPaper.objects.filter(enrollment=enrollment, pk=said["paper"]).first()
    if paper is None:
        raise RuleBroken("This paper does not belong to this exit. Nothing was changed.")
    accepted = said["decision"] == "accept"
    return actions.decide_paper(by=by, paper=paper, accepted=accepted, reason=said["reason"])


def _verify(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.verify_credential(by=by, enrollment=enrollment, verifier=said["verifier"])


def _more_time(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.lift_default(by=by, enrollment=enrollment, **said)


def _notice(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.issue_exit_notice(
        by=by, enrollment=enrollment, on=said["issued_on"], file=said.get("file")
    )


def _part_c(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    served = said["served"] == "yes"
    return actions.answer_part_c(by=by, enrollment=enrollment, served=served, how=said["how"])


def _request(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.request_administrative_exit(by=by, enrollment=enrollment, **said)


def _end(by: User, enrollment: Enrollment, said: dict[str, Any]) -> Any:
    return actions.end_after_exit(by=by, enrollment=enrollment, **said)


def _nothing_hides(enrollment: Enrollment) -> None:
    """An attempt can always be recorded, also before the exit."""


def _nothing_to_decide(enrollment: Enrollment) -> str | None:
    row = row_of_exit(enrollment)
    if row is None:
        return "The student has not left."
    waits = any(paper.decision == Decision.OPEN for paper in enrollment.exit_papers.all())
    return rules.why_not_decide(row) or (None if waits else "No paper waits for a decision.")


def _nothing_missing(enrollment: Enrollment) -> str | None:
    row = row_of_exit(enrollment)
    if row is None or enrollment.defaulted_at or enrollment.exit_papers.all():
        return "There is documentation, or nothing to document."
    return rules.why_not_decide(row) or why_not_hand_in(enrollment)


def _nothing_to_verify(enrollment: Enrollment) -> str | None:
    row = row_of_exit(enrollment)
    if row is None or enrollment.documentation_accepted_at:
        return "Nothing waits to be verified."
    return rules.why_not_verify(row)


def _not_defaulted(enrollment: Enrollment) -> str | None:
    return None if enrollment.defaulted_at else "The reported code counts."


def _not_asked(enrollment: Enrollment) -> str | None:
    asked = any(duty.kind == DutyKind.PART_C_HISTORY and not duty.done_on for duty in enrollment.duties.all())
    return None if asked else "The Part C history is not asked for here."


STEPS = {
    step.name: step
    for step in (
        Step("decide", "Review what was handed in", "Save the decision", typed.DecisionForm, _decide,
             "The decision is saved, and the district can read it.", _nothing_to_decide, by_state=True),
        Step("verify", "Verify the credential", "Record the verification", typed.VerifyForm, _verify,
             "The verification is recorded.", _nothing_to_verify, by_state=True),
        Step("more-time", "Take the default back", "Let the reported code count", typed.MoreTimeForm,
             _more_time, "The reported code counts again.", _not_defaulted, by_state=True),
        Step("part-c", "Find out the Part C history", "Save the answer", typed.PartCForm, _part_c,
             "The answer is saved.", _not_asked),
        Step("paper", "Hand in documentation", "Hand it in", typed.PaperForm, _paper,
             "Handed in. The file is kept with the exit.", why_not_hand_in),
        Step("none", "There is no documentation", "Let the exit count as 1984", typed.ConfirmForm, _none,
             "The exit counts as 1984.", _nothing_missing),
        Step("attempt", "Record an attempt to reach the family", "Record the attempt", typed.AttemptForm,
             _attempt, "The attempt is recorded.", _nothing_hides),
        Step("notice", "Issue prior written notice", "Record the notice", typed.NoticeForm, _notice,
             "The notice is recorded.", why_not_notice),
        Step("request", "Ask for an administrative exit", "Send the request", typed.RequestForm, _request,
             "The request is sent. The student stays on the roster until the state grants it.",
             why_not_request),
        Step("special-education", "End special education", "End special education", typed.EndForm, _end,
             "Special education has ended.", why_not_end_after_exit),
    )
}  # fmt: skip
