"""Two records of one child become one, and two again. Nothing is lost: every number still finds the child.

Authority: enrollment audit, check 23. What the kept child has already stays with the merged record.
"""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from security import scope
from security.access import check, holds_anywhere, who_can
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission
from students.extensions import MovesAlong, follow_merge, movers
from students.models import Jurisdiction, Student, StudentIdentifier, StudentMerge
from students.rules.merge import Identity, doubts, why_not_merge

NUMBERS = {"state_student_id": "state ID", "edfi_id": "Ed-Fi ID"}
SHORTEST_REASON = 5
CHANGED = "The records have changed since you looked at them. Look again, then merge."


@dataclass(frozen=True)
class Part:
    """Records of one kind, by id: those that move and those that the kept child has already."""

    words: str
    label: str
    moving: tuple[int, ...]
    staying: tuple[int, ...]


@dataclass(frozen=True)
class MergePlan:
    """What a merge would do. `key` tells whether it is still what somebody looked at."""

    kept: Student
    merged: Student
    parts: tuple[Part, ...]
    doubts: tuple[str, ...]
    why_not: str | None

    @property
    def key(self) -> str:
        rows = [
            self.kept.pk,
            self.merged.pk,
            *((part.label, part.moving, part.staying) for part in self.parts),
        ]
        return str(rows)


def plan_of(kept: Student, merged: Student) -> MergePlan:
    """What merging would do, found out without doing it, in the scope of the system."""
    with scope.elevated():
        one, other = _identity(kept), _identity(merged)
        why_not = why_not_merge(one, other) or _why_not_responsible(kept, merged)
        return MergePlan(kept, merged, tuple(_parts(kept, merged)), doubts(one, other), why_not)


@transaction.atomic
def merge(
    *, by: User, kept: Student, merged: Student, reason: str, key: str, checked: bool = False
) -> StudentMerge:
    """`merged` becomes `kept`. Raises NotAllowed, RuleBroken with its field, Stale when things changed."""
    check_may_merge(by, kept, merged)
    with scope.elevated():
        Student.objects.select_for_update().filter(pk__in=[kept.pk, merged.pk]).order_by("pk").count()
        plan = plan_of(kept, merged)
        _check(plan, reason, key, checked)
        done = StudentMerge.objects.create(kept=kept, merged=merged, reason=reason.strip(), by_id=by.pk)
        done.moved = {part.label: list(part.moving) for part in plan.parts if part.moving}
        for mover, part in zip(movers(), plan.parts, strict=True):
            mover.model._default_manager.filter(pk__in=part.moving).update(
                student_id=kept.pk, **mover.also(kept)
            )
        done.moved["responsibilities"] = _join_responsibilities(kept, merged)
        done.moved["numbers"] = _keep_numbers(kept, merged)
        done.save(update_fields=["moved"])
        _mark(merged, into=kept)
        follow_merge(kept.pk, merged.pk)
        _tell(by, done, f"merged with the record {merged.state_student_id}")
    return done


@transaction.atomic
def undo_merge(*, by: User, done: StudentMerge) -> None:
    """Both records as they were; what came since stays with the kept child. Undone twice changes nothing."""
    check_may_merge(by, done.kept, done.merged)
    with scope.elevated():
        done = (
            StudentMerge.objects.select_for_update(of=("self",))
            .select_related("kept", "merged")
            .get(pk=done.pk)
        )
        if done.undone_at:
            return
        _part_responsibilities(done)
        for mover in movers():
            ids = done.moved.get(mover.model._meta.label, [])
            mover.model._default_manager.filter(pk__in=ids, student_id=done.kept_id).update(
                student_id=done.merged_id
            )
        StudentIdentifier.objects.filter(pk__in=done.moved["numbers"]).delete()
        _mark(done.merged, into=None)
        done.undone_at, done.undone_by_id = timezone.now(), by.pk
        done.save(update_fields=["undone_at", "undone_by_id"])
        follow_merge(done.kept_id, done.merged_id)
        _tell(by, done, f"undid the merge with the record {done.merged.state_student_id}")


def merges_of(kept: Student) -> list[StudentMerge]:
    """Each with its merged record, which by itself nobody sees any more."""
    with scope.elevated():
        return list(kept.merges.select_related("kept", "merged"))


def check_may_merge(by: User, *children: Student) -> None:
    """Whoever may edit at every district that answers for one of them today. Raises NotAllowed."""
    districts = responsible(*children)
    for district in districts:
        check(by, Permission.EDIT_STUDENTS, district, "merge two records of a child")
    if not districts and not holds_anywhere(by, Permission.EDIT_STUDENTS):
        raise NotAllowed(f"Only {who_can(Permission.EDIT_STUDENTS)} can merge two records of a child.")


def responsible(*children: Student) -> list[District]:
    with scope.elevated():
        open_today = Q(last_day=None) | Q(last_day__gte=timezone.localdate())
        rows = Jurisdiction.objects.filter(open_today, student__in=children)
        return list(District.objects.filter(pk__in=rows.values("district")))


def _check(plan: MergePlan, reason: str, key: str, checked: bool) -> None:
    if plan.why_not:
        raise RuleBroken(plan.why_not)
    if key != plan.key:
        raise Stale(CHANGED)
    if len(reason.strip()) < SHORTEST_REASON:
        raise RuleBroken("Say how you know that this is one child.", "reason")
    if plan.doubts and not checked:
        raise RuleBroken(
            f"{' '.join(plan.doubts)} Say that you have checked that this is one child.", "checked"
        )


def _identity(child: Student) -> Identity:
    return Identity(
        number=child.state_student_id, state=child.state.code, birth_date=child.birth_date, sex=child.sex,
        folded_last_name=child.last_name.casefold(), merged=child.merged_into_id is not None,
    )  # fmt: skip


def _parts(kept: Student, merged: Student) -> list[Part]:
    return [_part(mover, kept, merged) for mover in movers()]


def _part(mover: MovesAlong, kept: Student, merged: Student) -> Part:
    rows = mover.model._default_manager.filter(student_id=merged.pk).order_by("pk")
    staying = tuple(rows.filter(mover.stays(kept, merged)).values_list("pk", flat=True))
    moving = tuple(rows.exclude(pk__in=staying).values_list("pk", flat=True))
    return Part(mover.words, mover.model._meta.label, moving, staying)


# ---- whose responsibility --------------------------------------------------------------------------------


def _why_not_responsible(kept: Student, merged: Student) -> str | None:
    """Two districts never answer for one day."""
    for row in merged.jurisdictions.filter(contested=False).select_related("district"):
        other = next((o for o in _overlapping(kept, row) if o.district_id != row.district_id), None)
        if other:
            return (
                f"{row.district} and {other.district} answer for the two records on the same days."
                " One of them ends its responsibility first."
            )
    return None


def _overlapping(kept: Student, row: Jurisdiction) -> list[Jurisdiction]:
    rows = kept.jurisdictions.filter(contested=False).select_related("district")
    return [other for other in rows if _share_a_day(row, other)]


def _share_a_day(one: Jurisdiction, other: Jurisdiction) -> bool:
    last = date.max
    return one.first_day <= (other.last_day or last) and other.first_day <= (one.last_day or last)


def _join_responsibilities(kept: Student, merged: Student) -> dict[str, list]:
    """Moved where nothing is in the way; else the kept child's own row is widened to the days of both."""
    before: dict[str, list] = {"moved": [], "widened": [], "taken": []}
    for row in merged.jurisdictions.order_by("first_day"):
        same = [] if row.contested else _overlapping(kept, row)
        if not same:
            before["moved"].append(row.pk)
            Jurisdiction.objects.filter(pk=row.pk).update(student=kept)
            continue
        before["taken"].append(_kept_values(row))
        before["widened"].append(_kept_values(same[0]))
        row.delete()
        _widen(same, row)
    return before


def _widen(same: list[Jurisdiction], row: Jurisdiction) -> None:
    first = same[0]
    until = None if None in (row.last_day, same[-1].last_day) else max(row.last_day, same[-1].last_day)
    if len(same) == 1:
        first.first_day, first.last_day = min(first.first_day, row.first_day), until
    first.local_student_id = first.local_student_id or row.local_student_id
    first.save(update_fields=["first_day", "last_day", "local_student_id"])


def _part_responsibilities(done: StudentMerge) -> None:
    before = done.moved["responsibilities"]
    for values in reversed(before["widened"]):
        Jurisdiction.objects.filter(pk=values["id"]).update(**_from_values(values))
    Jurisdiction.objects.filter(pk__in=before["moved"]).update(student=done.merged)
    Jurisdiction.objects.bulk_create(Jurisdiction(**_from_values(values)) for values in before["taken"])


def _kept_values(row: Jurisdiction) -> dict[str, object]:
    values = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def _from_values(values: dict[str, object]) -> dict[str, object]:
    days = {
        name: values[name] and date.fromisoformat(str(values[name])) for name in ("first_day", "last_day")
    }
    return values | days


# ---- who it is -------------------------------------------------------------------------------------------


def _keep_numbers(kept: Student, merged: Student) -> list[int]:
    found = {words: getattr(merged, name) for name, words in NUMBERS.items() if getattr(merged, name)}
    rows = [
        StudentIdentifier.objects.get_or_create(student=kept, what=words, value=value)
        for words, value in found.items()
    ]
    return [row.pk for row, is_new in rows if is_new]


def _mark(merged: Student, into: Student | None) -> None:
    merged.merged_into, merged.is_active = into, into is None
    merged.version += 1
    merged.save(update_fields=["merged_into", "is_active", "version", "modified_at"])


def _tell(by: User, done: StudentMerge, words: str) -> None:
    district = next(iter(responsible(done.kept)), None)
    record(
        "STUDENTS_MERGED", words, by=by, student_id=done.kept_id, district_id=district and district.pk,
        merge=done.pk,
    )  # fmt: skip
