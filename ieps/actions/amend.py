"""An amendment begins as a copy of the official IEP, and keeps the date of its annual review."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.actions.copy import copy_content
from ieps.actions.hold import hold
from ieps.models import Iep
from ieps.models.iep import AMENDMENT
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken

# Each amendment has its own: from when it holds, what the parents answer, when they get their copy.
ANEW = {("GSI", "iep_begin"), ("PLC", "choice"), ("PLC", "copy_given")}
OF_THE_MEETING = {
    ("GSI", "meeting_date"), ("GSI", "participants.attended"), ("GSI", "excusals"), ("GSI", "attempts"),
}  # fmt: skip


@transaction.atomic
def begin_amendment(*, by: User, iep: Iep, why: str, agreed_on: date | None = None) -> Iep:
    """A draft with all that stands in the official one. Authority: 34 CFR 300.324(a)(4), (6).

    `agreed_on`: the day on which the parents agreed in writing to amend without a meeting; None with one.
    Raises NotAllowed, RuleBroken.
    """
    iep = hold(iep)
    access.check_may_amend(by, iep)
    _check(iep, why, agreed_on)
    draft = Iep.objects.create(
        student=iep.student, district=access.place_of(iep), evaluation=iep.evaluation, form=iep.form,
        category=iep.category, kind=AMENDMENT, grade=iep.student.grade, author=by, amends=iep,
        agreed_on=agreed_on, why=why.strip(),
    )  # fmt: skip
    leave_out = ANEW if agreed_on else ANEW | OF_THE_MEETING
    copy_content(by=by, source=iep, to=draft, leave_out=leave_out)
    record(
        "IEP_AMENDMENT_STARTED", f"Began an amendment of the {iep.title}", by=by,
        student_id=iep.student_id, district_id=draft.district_id, iep=draft.pk, amends=iep.pk,
    )  # fmt: skip
    return draft


def _check(iep: Iep, why: str, agreed_on: date | None) -> None:
    if not why.strip():
        raise RuleBroken("Say what is to be changed, and why: the parents read it on the amendment.", "why")
    if agreed_on and agreed_on > timezone.localdate():
        raise RuleBroken("The day of the parents' agreement is in the future.", "agreed_on")
    if iep.amendments.drafts().exists():
        raise RuleBroken("An amendment is begun already. Go on with that one, or discard it.")
