"""A longer time for an evaluation: asked for with a reason, decided by the supervisor, never by who asked."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone

from evaluations import access
from evaluations.actions.hold import hold, keep
from evaluations.actions.waive import last_found
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation, Extension
from evaluations.rules import clock, due_days
from evaluations.rules.codes import extension, extensions, why_not_extend
from organizations.calendars import calendars_of
from organizations.rules.calendar import in_words
from rulebook.tables import in_force
from security.models import User
from security.refusals import RuleBroken

NO_CONSENT = "The clock does not run yet: there is no consent."
OWN = "You asked for this extension. Somebody else decides it."


@dataclass(frozen=True)
class Longer:
    """`code` of evaluation_extensions; `to` is the last day of the longer time."""

    code: str
    to: date
    reason: str


@transaction.atomic
def ask_extension(*, by: User, evaluation: Evaluation, longer: Longer, seen: int | None = None) -> Evaluation:
    """Authority: 34 CFR 300.301(d), 300.309(c); LAC 28:XLIII.302.D. Raises NotAllowed, RuleBroken, Stale."""
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    _check_runs(evaluation)
    _check(evaluation, longer)
    begin(Deed.EXTENSION_ASKED, by=by, reason=longer.reason.strip())
    Extension.objects.create(
        evaluation=evaluation, code=longer.code, to=longer.to, reason=longer.reason.strip(),
        asked_by_id=by.pk,
    )  # fmt: skip
    keep(evaluation)
    tell(Deed.EXTENSION_ASKED, in_words(longer.to), evaluation, by=by, reason=longer.reason.strip())
    return evaluation


@transaction.atomic
def decide_extension(
    *, by: User, evaluation: Evaluation, approve: bool, answer: str = "", seen: int | None = None
) -> Evaluation:
    """The longer time counts from here on, or does not. Raises NotAllowed, RuleBroken, Stale."""
    evaluation = hold(evaluation, seen)
    access.check_may_decide_extension(by, evaluation)
    asked = waiting(evaluation)
    if asked is None:
        raise RuleBroken("No extension waits for a decision here.")
    _check_undecided(evaluation)
    if asked.asked_by_id == by.pk:
        raise RuleBroken(OWN)
    if not approve and not answer.strip():
        raise RuleBroken("Say why it is refused: whoever asked has to know.", "answer")
    deed = Deed.EXTENSION_APPROVED if approve else Deed.EXTENSION_REFUSED
    begin(deed, by=by, reason=answer.strip())
    _keep(asked, by, approve, answer.strip())
    if approve:
        evaluation.extension_code, evaluation.extended_to = asked.code, asked.to
    keep(evaluation, "extension_code", "extended_to")
    tell(deed, in_words(asked.to), evaluation, by=by, reason=answer.strip())
    return evaluation


def due_day_of(evaluation: Evaluation) -> date | None:
    """The day that an extension moves: as extended already, or counted from the consent."""
    place = evaluation.district
    return due_days.evaluation_due(
        place.state.profile if place else "", evaluation.consent_date,
        calendars_of([evaluation.district_id]).get(evaluation.district_id), evaluation.extended_to,
        evaluation.kind,
    ).day  # fmt: skip


def waiting(evaluation: Evaluation) -> Extension | None:
    return evaluation.extensions.filter(approved=None).first()


def _keep(asked: Extension, by: User, approve: bool, answer: str) -> None:
    asked.approved, asked.answer = approve, answer
    asked.decided_by_id, asked.decided_at = by.pk, timezone.now()
    asked.save(update_fields=["approved", "answer", "decided_by_id", "decided_at"])


def _check_runs(evaluation: Evaluation) -> None:
    if evaluation.consent_date is None:
        raise RuleBroken(NO_CONSENT, "to")
    _check_undecided(evaluation)
    if asked := waiting(evaluation):
        raise RuleBroken(f"An extension to {in_words(asked.to)} waits for its decision already.", "to")


def _anniversary(evaluation: Evaluation) -> date | None:
    """Three years after the last evaluation that found the student eligible (D09)."""
    last = last_found(evaluation)
    return due_days.reevaluation_due(last.determination_date) if last and last.determination_date else None


def _check_undecided(evaluation: Evaluation) -> None:
    if evaluation.outcome:
        raise RuleBroken(f"The evaluation has its outcome already: {evaluation.outcome_name}.")


def _check(evaluation: Evaluation, longer: Longer) -> None:
    row = extension(longer.code)
    if row is None or row not in in_force(extensions(), timezone.localdate()):
        raise RuleBroken("Choose why it takes longer.", "code")
    if sentence := why_not_extend(row, evaluation.kind):
        raise RuleBroken(sentence, "code")
    wanted = clock.Extension(longer.to, longer.reason, asked_on=timezone.localdate())
    latest = _anniversary(evaluation) if row.until_anniversary else None
    if sentence := clock.why_not_extend(due_day_of(evaluation), wanted, latest):
        raise RuleBroken(sentence, "to")
    earliest = max(timezone.localdate(), evaluation.extended_to or evaluation.consent_date)
    if longer.to <= earliest:
        raise RuleBroken(f"The longer time ends after {in_words(earliest)}.", "to")
    if not longer.reason.strip():
        raise RuleBroken("Say why it takes longer: the supervisor decides by it.", "reason")
