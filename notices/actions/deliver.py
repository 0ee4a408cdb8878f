"""A notice reaches the parents: how, when, whom, and the proof of it."""

from dataclasses import dataclass
from datetime import date

from django.core.files.base import File
from django.db import transaction

from notices import access
from notices.actions.hold import hold, kept_file, refuse_before, refuse_empty, refuse_future
from notices.deeds import Deed, tell
from notices.models import Delivery, Notice
from notices.rules.channels import channel_name, why_not_deliver
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
    tell(Deed.DELIVERED, words, notice, by=by, notice_kind=notice.kind)
    return delivery


def _keep(notice: Notice, handed: Handed, district: District, by: User) -> Delivery:
    """Sent again it is the same one. The proof belongs to the district that keeps it."""
    there = Delivery.objects.filter(
        notice=notice, channel=handed.channel, on=handed.on, to=handed.to.strip(), proof=handed.proof.strip()
    ).first()
    if there and not handed.file:
        return there
    return Delivery.objects.create(
        notice=notice, channel=handed.channel, on=handed.on, to=handed.to.strip(),
        proof=handed.proof.strip(), by_id=by.pk,
        document_id=kept_file(handed.file, "notice_proof", notice.student_id, district.pk, by),
    )  # fmt: skip
