"""Fields of the form that nobody types: what the record, the evaluation and the services tell."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from evaluations.rules.due_days import reevaluation_due
from ieps.models import Iep
from ieps.outline import Written
from ieps.rules.form import Field, fields_of
from ieps.signed import Signing
from ieps.written import computed_in, written_of
from students.facts import grade_short

SIGNED = "PLC"  # the section with the answer of the parents and the approval
Told = Mapping[tuple[str, str], date | Decimal | int | str | None]


def told(iep: Iep, written: Written | None = None) -> Told:
    """By section and key of the field; None where it is not known. Two queries besides reading the IEP."""
    written = written or written_of(iep)
    return {**_known(iep, written), **_signed(iep, written)}


def _known(iep: Iep, written: Written, only: str = "") -> Told:
    """One query, and none when `only` another section is asked for than the one of the meeting before."""
    evaluation = iep.evaluation
    decided = evaluation.determination_date if evaluation else None
    week = computed_in(iep, written)
    return {
        ("GSI", "grade"): grade_short(iep.grade) or None,
        ("GSI", "prev_meeting"): previous_meeting(iep) if only in ("", "GSI") else None,
        ("GSI", "eval_date"): decided,
        ("GSI", "reeval_due"): reevaluation_due(decided) if decided else None,
        ("PRG", "special_minutes"): int(week.outside) if week.lines else None,
        ("PLC", "lre_pct"): Decimal(week.percent_words) if week.percent_words else None,
    }


def _signed(iep: Iep, written: Written) -> Told:
    """The answer and the approval that stand; of an IEP that was taken over or loaded its days alone."""
    signing = Signing(iep, written)
    answer, approval = signing.answer, signing.approval
    return {
        ("PLC", "signature"): answer.name if answer else None,
        ("PLC", "date"): answer.signed_on if answer else iep.parent_date,
        ("PLC", "odr"): approval.name if approval else None,
        ("PLC", "odr_date"): approval.signed_on if approval else iep.odr_date,
    }


def told_in(iep: Iep, section: str, written: Written) -> list[tuple[str, date | Decimal | int | str]]:
    """What is told in a section, by the labels of the form in its order; nothing of what is not known."""
    values = _signed(iep, written) if section == SIGNED else {}
    values = {**_known(iep, written, section), **values}
    rows = [row for row in fields_of(iep.form, section, iep.category) if (section, row.field) in values]
    labels = [row.label for row in rows]
    known = [(_named(row, labels), values[section, row.field]) for row in rows]
    return [(label, value) for label, value in known if value is not None]


def _named(row: Field, labels: list[str]) -> str:
    """Where two are called "Date", with the part that it stands in."""
    return row.label if labels.count(row.label) == 1 else f"{row.subsection_title}: {row.label.lower()}"


def previous_meeting(iep: Iep) -> date | None:
    """The team meeting of the IEP before this one."""
    earlier = Iep.objects.agreed().filter(student=iep.student_id, meeting_date__isnull=False)
    if iep.meeting_date:
        earlier = earlier.filter(meeting_date__lt=iep.meeting_date)
    return earlier.exclude(pk=iep.pk).order_by("-meeting_date").values_list("meeting_date", flat=True).first()
