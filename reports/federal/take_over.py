"""Taking a correction over: the record was put right, and a reopened count follows it."""

from datetime import date
from typing import Any

from django.db import transaction

from journal.actions import record
from reports.federal import access
from reports.federal.difference import Different, difference
from reports.federal.freeze import write
from reports.models import Snapshot, Takeover
from security.models import User
from security.refusals import RuleBroken


@transaction.atomic
def take_over(*, by: User, snapshot: Snapshot, student_id: int) -> Takeover:
    """The child stands in the count as its record says now; what stood there before is kept beside it.

    Raises NotAllowed, RuleBroken where the count is not open or nothing differs any more.
    """
    access.check_may_certify(by, snapshot.district, "change its count")
    snapshot = (
        Snapshot.objects.select_for_update(of=("self",)).select_related("district__state").get(pk=snapshot.pk)
    )
    access.check_reopened(snapshot)
    found = next(iter(difference(snapshot, [student_id])), None)
    if found is None:
        raise RuleBroken("The count already says of this child what its record says.")
    _put(snapshot, found)
    words = f"took a correction over into the {snapshot.called}"
    record(
        "COUNT_CORRECTED", words, by=by, student_id=student_id, district_id=snapshot.district_id,
        snapshot=snapshot.pk, fields=[change.field for change in found.changes],
    )  # fmt: skip
    return Takeover.objects.create(
        snapshot=snapshot, student_id=student_id, district_id=snapshot.district_id, by=by,
        before=_kept(found.frozen), after=_kept(found.live),
    )  # fmt: skip


def _put(snapshot: Snapshot, found: Different) -> None:
    rows = snapshot.children.filter(student=found.student_id)
    if found.live is None:
        rows.delete()
    elif found.frozen is None:
        write(snapshot, [found.live])
    else:
        rows.update(**{name: value for name, value in found.live.items() if name != "student_id"})


def _kept(values: dict[str, Any] | None) -> dict[str, Any]:
    return {name: _plain(value) for name, value in (values or {}).items()}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
