"""What a child reaches of an annual goal is measured; a mistake is withdrawn and stays readable."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from ieps import access
from ieps.models import Iep, Line, Measurement
from journal.actions import record
from security.models import User
from security.refusals import RuleBroken
from students.access import responsible_today
from ui.dates import in_words
from ui.two_texts import plain

NO_GOAL = "This goal does not stand in the IEP."
WITHDRAWN = "This measurement has been withdrawn already."


@dataclass(frozen=True)
class Measured:
    """`value` with its unit ("words a minute"), on a day; `method` is how it was measured."""

    on: date
    value: Decimal
    unit: str
    method: str = ""
    note: str = ""


@transaction.atomic
def measure(*, by: User, iep: Iep, goal: Line, measured: Measured) -> Measurement:
    """Authority: 34 CFR 300.320(a)(3)(i). Raises NotAllowed, RuleBroken."""
    access.check_may_measure(by, iep)
    if goal.iep_id != iep.pk or goal.table or goal.removed_at:
        raise RuleBroken(NO_GOAL, "goal")
    _check(iep, measured)
    row = Measurement.objects.create(
        student=iep.student, district=responsible_today(iep.student), goal=goal, by=by, on=measured.on,
        value=measured.value, unit=plain(measured.unit).strip(), method=plain(measured.method).strip(),
        note=plain(measured.note).strip(),
    )  # fmt: skip
    _tell("GOAL_MEASURED", f"Measured progress toward a goal, {in_words(measured.on)}", row, iep, by)
    return row


@transaction.atomic
def withdraw_measurement(*, by: User, iep: Iep, measurement: Measurement) -> Measurement:
    """Entered by mistake: no chart and no report counts it any more. Raises NotAllowed, RuleBroken."""
    access.check_may_measure(by, iep)
    row = Measurement.objects.select_for_update(of=("self",)).get(pk=measurement.pk)
    if row.withdrawn_at:
        raise RuleBroken(WITHDRAWN)
    row.withdrawn_by, row.withdrawn_at = by, timezone.now()
    row.save(update_fields=["withdrawn_by", "withdrawn_at"])
    _tell("GOAL_MEASUREMENT_WITHDRAWN", f"Withdrew the measurement of {in_words(row.on)}", row, iep, by)
    return row


def _check(iep: Iep, measured: Measured) -> None:
    if measured.on > timezone.localdate():
        raise RuleBroken("The day of the measurement is in the future.", "on")
    begun = iep.first_day or iep.meeting_date
    if begun and measured.on < begun:
        raise RuleBroken(f"The IEP is in effect from {in_words(begun)}: the measurement is older.", "on")
    if not measured.unit.strip():
        raise RuleBroken("Say what is counted, such as words a minute or percent.", "unit")


def _tell(kind: str, words: str, row: Measurement, iep: Iep, by: User) -> None:
    child = {"student_id": row.student_id, "district_id": row.district_id}
    record(kind, words, by=by, **child, iep=iep.pk, goal=row.goal_id)
