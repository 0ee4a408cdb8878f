"""Consent of the parents: asked for, then received or refused; withdrawn at any time. Or none is needed."""

from datetime import date

from django.db import transaction
from django.db.models import Min

from evaluations import access
from evaluations.actions.hold import (
    hold,
    keep,
    refuse_before,
    refuse_future,
    refuse_unless_consent_is_asked,
    refuse_when_withdrawn,
)
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
from evaluations.rules.codes import Outcome
from organizations.rules.calendar import in_words
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def request_consent(*, by: User, evaluation: Evaluation, on: date, seen: int | None = None) -> Evaluation:
    """The parents were asked for written consent. Authority: 34 CFR 300.300(a); LAC 28:CI.501.B.1.

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_unless_consent_is_asked(evaluation)
    refuse_when_withdrawn(evaluation)
    refuse_future(on, "request", "consent_requested_on")
    refuse_before(on, evaluation.referral_date, "request", "referral", "consent_requested_on")
    _check_not_after(on, evaluation.consent_date, "request", "consent", "consent_requested_on")
    begin(Deed.CONSENT_REQUESTED, by=by)
    evaluation.consent_requested_on, evaluation.consent_refused_on = on, None
    keep(evaluation, "consent_requested_on", "consent_refused_on")
    tell(Deed.CONSENT_REQUESTED, in_words(on), evaluation, by=by)
    return evaluation


@transaction.atomic
def receive_consent(*, by: User, evaluation: Evaluation, on: date, seen: int | None = None) -> Evaluation:
    """Written consent came in: day 0 of the evaluation. Authority: 34 CFR 300.301(c)(1).

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_unless_consent_is_asked(evaluation)
    refuse_when_withdrawn(evaluation)
    _check_day(evaluation, on)
    begin(Deed.CONSENT_RECEIVED, by=by)
    evaluation.consent_date, evaluation.consent_refused_on = on, None
    keep(evaluation, "consent_date", "consent_refused_on")
    tell(Deed.CONSENT_RECEIVED, in_words(on), evaluation, by=by)
    return evaluation


@transaction.atomic
def tell_no_assessment(*, by: User, evaluation: Evaluation, on: date, seen: int | None = None) -> Evaluation:
    """The parents were told that no further assessment is needed: this day takes the place of the consent.

    Authority: 34 CFR 300.305(d); Indicator 11. Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_unless_consent_is_asked(evaluation)
    refuse_when_withdrawn(evaluation)
    if evaluation.consent_date:
        since = in_words(evaluation.consent_date)
        raise RuleBroken(f"Day 0 of this evaluation is {since} already. Correct it there.", "on")
    refuse_future(on, "notice", "on")
    refuse_before(on, evaluation.student.birth_date, "notice", "birth", "on")
    refuse_before(on, evaluation.referral_date, "notice", "referral", "on")
    _check_not_after_what_follows(evaluation, on, "notice", "on")
    begin(Deed.NO_ASSESSMENT, by=by)
    evaluation.consent_date, evaluation.consent_refused_on = on, None
    keep(evaluation, "consent_date", "consent_refused_on")
    tell(Deed.NO_ASSESSMENT, in_words(on), evaluation, by=by)
    return evaluation


@transaction.atomic
def refuse_consent(
    *, by: User, evaluation: Evaluation, on: date, reason: str, seen: int | None = None
) -> Evaluation:
    """The parents said no: the evaluation waits, and may be asked for again. Authority: 34 CFR 300.300(a)(3).

    Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    refuse_unless_consent_is_asked(evaluation)
    refuse_when_withdrawn(evaluation)
    _check_asked(evaluation)
    refuse_future(on, "refusal", "on")
    refuse_before(on, evaluation.consent_requested_on, "refusal", "request", "on")
    _with_reason(reason, "Say what the parents gave as their reason, or that they gave none.")
    begin(Deed.CONSENT_REFUSED, by=by, reason=reason.strip())
    evaluation.consent_refused_on = on
    keep(evaluation, "consent_refused_on")
    tell(Deed.CONSENT_REFUSED, in_words(on), evaluation, by=by, reason=reason.strip())
    return evaluation


@transaction.atomic
def revoke_consent(
    *, by: User, evaluation: Evaluation, on: date, reason: str, seen: int | None = None
) -> Evaluation:
    """The parents withdraw their consent: the evaluation ends. What was done until then stays.

    Authority: 34 CFR 300.9(c). Raises NotAllowed, RuleBroken, Stale.
    """
    evaluation = hold(evaluation, seen)
    access.check_may_edit(by, evaluation)
    _check_given(evaluation)
    refuse_future(on, "withdrawal", "on")
    refuse_before(on, evaluation.consent_date, "withdrawal", "consent", "on")
    _with_reason(reason, "Say how the parents told you; they must do so in writing.")
    begin(Deed.CONSENT_REVOKED, by=by, reason=reason.strip())
    evaluation.consent_revoked_on, evaluation.outcome = on, Outcome.CONSENT_WITHDRAWN
    keep(evaluation, "consent_revoked_on", "outcome")
    tell(Deed.CONSENT_REVOKED, in_words(on), evaluation, by=by, reason=reason.strip())
    return evaluation


def _check_asked(evaluation: Evaluation) -> None:
    if evaluation.consent_date:
        since = in_words(evaluation.consent_date)
        raise RuleBroken(f"The consent came in on {since}. Parents who change their mind withdraw it.")
    if evaluation.consent_requested_on is None:
        raise RuleBroken("The parents have not been asked yet. Record the request first.", "on")


def _check_given(evaluation: Evaluation) -> None:
    if evaluation.consent_date is None:
        raise RuleBroken("There is no consent that could be withdrawn.", "on")
    if evaluation.outcome:
        raise RuleBroken(f"The evaluation has its outcome already: {evaluation.outcome_name}.")


def _with_reason(reason: str, sentence: str) -> None:
    if not reason.strip():
        raise RuleBroken(sentence, "reason")


def _check_day(evaluation: Evaluation, on: date) -> None:
    earliest = evaluation.consent_requested_on or evaluation.referral_date
    than = "request" if evaluation.consent_requested_on else "referral"
    refuse_future(on, "consent", "consent_date")
    refuse_before(on, evaluation.student.birth_date, "consent", "birth", "consent_date")
    refuse_before(on, earliest, "consent", than, "consent_date")
    _check_not_after_what_follows(evaluation, on, "consent", "consent_date")


def _check_not_after_what_follows(evaluation: Evaluation, on: date, what: str, field: str) -> None:
    completed = evaluation.components.aggregate(first=Min("completed_on"))["first"]
    for day, than in (
        (completed, "completion of a component"),
        (evaluation.met_on, "eligibility meeting"),
        (evaluation.determination_date, "determination"),
    ):
        _check_not_after(on, day, what, than, field)


def _check_not_after(on: date, later: date | None, what: str, than: str, field: str) -> None:
    if later and on > later:
        raise RuleBroken(f"The {what} is after the {than} of {in_words(later)}.", field)
