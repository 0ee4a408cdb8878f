"""A draft begins, and may be thrown away."""

from django.db import transaction

from ieps import access
from ieps.actions.fill_in import fill_in
from ieps.actions.hold import hold_with_texts
from ieps.actions.lines import add_line
from ieps.actions.save_text import save_text
from ieps.models import Iep, Measurement
from ieps.models.iep import AMENDMENT
from ieps.rules.codes import CodeSet, codes
from ieps.rules.form import form_of
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken
from students.access import responsible_today
from students.models import Student

GENERAL = "GSI"
FROM_THE_RECORD = ("home_school", "exceptionality_primary")
MEASURED = (
    "Progress toward the goals of this draft has been measured, and what was measured is kept."
    " Finish the draft instead of discarding it."
)


@transaction.atomic
def start_draft(*, by: User, student: Student, kind: str, category: str = "REG") -> Iep:
    """A draft under the district that answers for the child today, with what the record knows filled in.

    `kind` and `category` are codes of iep_types and iep_categories. Raises NotAllowed, RuleBroken.
    """
    access.check_may_start(by, student)
    Student.objects.select_for_update().get(pk=student.pk)
    _check(student, kind, category)
    iep = Iep.objects.create(
        student=student,
        district=responsible_today(student),
        evaluation=student.evaluations.locked().order_by("-determination_date").first(),
        form=form_of(student.state.code).form,
        kind=kind,
        category=category,
        grade=student.grade,
        author=by,
    )
    _tell("IEP_DRAFT_STARTED", f"Began a draft of the {iep.title}", iep, by)
    _fill_in(by, iep)
    return iep


def _fill_in(by: User, iep: Iep) -> None:
    fill_in(by=by, iep=iep, section=GENERAL, keys=FROM_THE_RECORD)
    others = iep.evaluation.exceptionalities.filter(rank__gt=1) if iep.evaluation else ()
    for each in others:
        line = add_line(by=by, iep=iep, section=GENERAL, table="exceptionality_other")
        key = f"{line.pk}.exceptionality"
        save_text(by=by, iep=iep, section=GENERAL, field=key, text=each.code, version=0)


@transaction.atomic
def discard_draft(*, by: User, iep: Iep, reason: str) -> None:
    """The draft and its texts go; their history stays. Raises NotAllowed, RuleBroken.

    A draft of the legacy system may have been official before: what was measured in it stays.
    """
    iep = hold_with_texts(iep)
    access.check_may_write(by, iep)
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why the draft is discarded: the reason is kept in the journal.", "reason")
    if Measurement.objects.filter(goal__iep=iep).exists():
        raise RuleBroken(MEASURED)
    _tell("IEP_DRAFT_DISCARDED", f"Discarded the draft of the {iep.title}", iep, by, reason=reason)
    iep.delete()


def _check(student: Student, kind: str, category: str) -> None:
    offered = {row.code for row in codes(CodeSet.IEP_TYPE) if row.for_new_ieps}
    if kind == AMENDMENT:
        raise RuleBroken("An amendment begins on the page of the official IEP that it amends.", "kind")
    if kind not in offered:
        raise RuleBroken("Choose the type of IEP.", "kind")
    if category not in {row.code for row in codes(CodeSet.IEP_CATEGORY)}:
        raise RuleBroken("Choose the category of IEP.", "category")
    if student.ieps.drafts().filter(kind=kind).exists():
        raise RuleBroken("A draft of this type is there already. Go on with that one, or discard it.", "kind")


def _tell(kind: str, words: str, iep: Iep, by: User, **details: str) -> None:
    record(kind, words, by=by, student_id=iep.student_id, district_id=iep.district_id, iep=iep.pk, **details)
