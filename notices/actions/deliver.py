"""A notice reaches the parents: how, when, whom, and the proof of it."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import File
from django.db import transaction

from evaluations.access import why_not_edit
from evaluations.actions import tell_no_assessment
from evaluations.models import Evaluation
from notices import access
from notices.actions.hold import hold, kept_file, refuse_before, refuse_empty, refuse_future
from notices.deeds import Deed, tell
from notices.models import Delivery, Notice
from notices.rules.channels import channel_name, why_not_deliver
from notices.rules.kinds import Kind
from organizations.models import District
from security.models import User
from security.refusals import RuleBroken
from ui.dates import in_words

DRAFT = "This notice is a draft. Issue it first: what the parents get stays as it is."


@dataclass(frozen=True)
class Handed:
    """`channel` of rules/channels.csv; `proof` in words, or as a file."""

    channel: str
    on: date
    to: str
    proof: str = ""
    file: File | None = None


@transaction.atomic
def deliver(*, by: User, notice: Notice, handed: Handed) -> Delivery:
    """Recorded also when it came late: the page shows by when it should have gone.

    Authority: 34 CFR 300.503(a); RS 17:1946.1.C. Raises NotAllowed, RuleBroken.
    """
    notice = hold(notice, None)
    district = access.check_may_keep_contacts(by, notice.student)
    if notice.issued_on is None:
        raise RuleBroken(DRAFT)
    refuse_future(handed.on, "delivery", "on")
    refuse_before(handed.on, notice.issued_on, "delivery", "issue", "on")
    has_proof = bool(handed.proof.strip() or handed.file)
    if refused := why_not_deliver(notice.kind, handed.channel, handed.on, has_proof):
        raise RuleBroken(*refused)
    refuse_empty(handed.to, "Say who received it.", "to")
    delivery = _keep(notice, handed, district, by)
    words = f"{notice.name} delivered by {channel_name(handed.channel)}, {in_words(handed.on)}"
    tell(Deed.DELIVERED, words, notice, by=by, district_id=district.pk, notice_kind=notice.kind)
    _follow_evaluation(notice, handed.on, by)
    return delivery


def _follow_evaluation(notice: Notice, on: date, by: User) -> None:
    """“No further assessment is needed” gives its evaluation day 0, unless that has one or ended.

    Whoever may not change the evaluation leaves that step to who may.
    """
    if notice.kind != Kind.NO_ASSESSMENT or notice.evaluation_id is None:
        return
    evaluation = Evaluation.objects.filter(pk=notice.evaluation_id, student=notice.student_id).first()
    if evaluation and _waits_for_day_zero(evaluation, on) and why_not_edit(by, evaluation) is None:
        tell_no_assessment(by=by, evaluation=evaluation, on=on)


def _waits_for_day_zero(evaluation: Evaluation, on: date) -> bool:
    known = evaluation.consent_date or evaluation.met_on or evaluation.determination_date
    known = known or evaluation.components.filter(completed_on__lt=on).exists()
    referred = evaluation.referral_date is None or evaluation.referral_date <= on
    return evaluation.needs_consent and not known and not evaluation.outcome and referred


def _keep(notice: Notice, handed: Handed, district: District, by: User) -> Delivery:
    """Sent again it is the same one. The proof belongs to the district that keeps it."""
    there = Delivery.objects.filter(
        notice=notice, channel=handed.channel, on=handed.on, to=handed.to.strip(), proof=handed.proof.strip()
    ).first()
    if there and not handed.file:
        return there
    return Delivery.objects.create(
        notice=notice, district=district, channel=handed.channel, on=handed.on, to=handed.to.strip(),
        proof=handed.proof.strip(), by_id=by.pk,
        document_id=kept_file(handed.file, "notice_proof", notice.student_id, district.pk, by),
    )  # fmt: skip
