"""The responsibilities of two records become one child's, and part again. Two districts answer for no day."""

from datetime import date
from typing import Any

from students.models import Jurisdiction, Student, StudentMerge

Values = dict[str, Any]
DAYS = ("first_day", "last_day")


def why_not_responsible(kept: Student, merged: Student) -> str | None:
    for row in merged.jurisdictions.filter(contested=False).select_related("district"):
        other = next((o for o in _overlapping(kept, row) if o.district_id != row.district_id), None)
        if other:
            return (
                f"{row.district} and {other.district} answer for the two records on the same days."
                " One of them ends its responsibility first."
            )
    return None


def join(kept: Student, merged: Student) -> dict[str, list]:
    """Moved where nothing is in the way; else the kept child's own rows are widened to the days of both."""
    before: dict[str, list] = {"moved": [], "widened": [], "taken": []}
    for row in merged.jurisdictions.order_by("first_day"):
        same = [] if row.contested else _overlapping(kept, row)
        if same:
            before["taken"].append(_kept_values(row))
            row.delete()
            before["widened"] += _widen(same, row)
        else:
            before["moved"].append(row.pk)
            Jurisdiction.objects.filter(pk=row.pk).update(student=kept)
    return before


def part(done: StudentMerge) -> None:
    """As they were. A day that somebody has changed since the merge stays as it is now."""
    before = done.moved["responsibilities"]
    for values in reversed(before["widened"]):
        _narrow(values)
    Jurisdiction.objects.filter(pk__in=before["moved"]).update(student=done.merged)
    Jurisdiction.objects.bulk_create(Jurisdiction(**_from_values(values)) for values in before["taken"])


def _overlapping(kept: Student, row: Jurisdiction) -> list[Jurisdiction]:
    rows = kept.jurisdictions.filter(contested=False).select_related("district")
    return [other for other in rows if _share_a_day(row, other)]


def _share_a_day(one: Jurisdiction, other: Jurisdiction) -> bool:
    last = date.max
    return one.first_day <= (other.last_day or last) and other.first_day <= (one.last_day or last)


def _widen(same: list[Jurisdiction], row: Jurisdiction) -> list[Values]:
    """The first of them begins as early, the last ends as late; what each was before, and became."""
    first, last = same[0], same[-1]
    before = {other.pk: _kept_values(other) for other in (first, last)}
    first.first_day = min(first.first_day, row.first_day)
    first.local_student_id = first.local_student_id or row.local_student_id
    last.last_day = None if None in (row.last_day, last.last_day) else max(row.last_day, last.last_day)
    rows = {other.pk: other for other in (first, last)}
    for other in rows.values():
        other.save(update_fields=[*DAYS, "local_student_id"])
    return [{"before": before[pk], "after": _kept_values(other)} for pk, other in rows.items()]


def _narrow(values: Values) -> None:
    row = Jurisdiction.objects.filter(pk=values["before"]["id"]).first()
    if row is None:
        return
    before, after = _from_values(values["before"]), _from_values(values["after"])
    for name in (*DAYS, "local_student_id"):
        if getattr(row, name) == after[name]:
            setattr(row, name, before[name])
    row.save(update_fields=[*DAYS, "local_student_id"])


def _kept_values(row: Jurisdiction) -> Values:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _from_values(values: Values) -> Values:
    return values | {name: values[name] and date.fromisoformat(values[name]) for name in DAYS}
