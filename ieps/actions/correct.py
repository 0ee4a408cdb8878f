"""A slip of the pen in an official IEP is put right: with a reason, and what was signed stays beside it."""

from django.db import transaction

from ieps import access
from ieps.actions.check_out import check_not_taken_out
from ieps.actions.hold import hold
from ieps.actions.save_text import cleaned
from ieps.models import Correction, Iep
from ieps.rules.correcting import why_not_correct
from ieps.written import chapters_of, written_of
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def correct(
    *, by: User, iep: Iep, section: str, field: str, after: str, reason: str, before: str
) -> Correction:
    """`before` is the text that the person saw. Texts only, and no number in them (correctable.csv).

    Raises NotAllowed, RuleBroken, TakenOut.
    """
    iep = hold(iep)
    access.check_may_correct(by, iep)
    check_not_taken_out(by, iep, section)
    chapter = next((each for each in chapters_of(iep) if each.section == section), None)
    entry = chapter.entry(field) if chapter else None
    if entry is None:
        raise RuleBroken("The IEP has no such field.", "field")
    stands = written_of(iep).texts.get((section, field), "")
    after, reason = cleaned(after), reason.strip()
    if cleaned(before) != cleaned(stands):
        raise RuleBroken("Somebody else corrected this meanwhile. Look at it as it is now.", "after")
    if sentence := why_not_correct(entry.type, stands, after):
        raise RuleBroken(sentence, "after")
    if not reason:
        raise RuleBroken("Say why it is corrected: the reason stands beside it.", "reason")
    correction = Correction.objects.create(
        iep=iep, section=section, field=field, label=entry.title[:255], before=stands, after=after,
        reason=reason, corrected_by=by,
    )  # fmt: skip
    record(
        "IEP_CORRECTED", f"Corrected a slip of the pen in “{entry.title}”", by=by,
        student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk, correction=correction.pk,
    )  # fmt: skip
    return correction
