"""Consent of the parents: asked for, then received."""

from datetime import date

from django.db import transaction

from evaluations import access
from evaluations.actions.hold import (
    hold,
    keep,
    refuse_before,
    refuse_future,
    refuse_unless_consent_is_asked,
)
from evaluations.deeds import Deed, begin, tell
from evaluations.models import Evaluation
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
    refuse_future(on, "request", "consent_requested_on")
    refuse_before(on, evaluation.referral_date, "request", "referral", "consent_requested_on")
    begin(Deed.CONSENT_REQUESTED, by=by)
    evaluation.consent_requested_on = on
    keep(evaluation, "consent_requested_on")
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
    _check_day(evaluation, on)
    begin(Deed.CONSENT_RECEIVED, by=by)
    evaluation.consent_date = on
    keep(evaluation, "consent_date")
    tell(Deed.CONSENT_RECEIVED, in_words(on), evaluation, by=by)
    return evaluation


def _check_day(evaluation: Evaluation, on: date) -> None:
    earliest = evaluation.consent_requested_on or evaluation.referral_date
    than = "request" if evaluation.consent_requested_on else "referral"
    refuse_future(on, "consent", "consent_date")
    refuse_before(on, evaluation.student.birth_date, "consent", "birth", "consent_date")
    refuse_before(on, earliest, "consent", than, "consent_date")
    determined = evaluation.determination_date
    if determined and on > determined:
        raise RuleBroken(f"The consent is after the determination of {in_words(determined)}.", "consent_date")
