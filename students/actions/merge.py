"""Two records of one child become one, and two again. Nothing is lost: every number still finds the child.

Authority: enrollment audit, check 23. What the kept child has already stays with the merged record.
"""

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from journal.actions import record
from organizations.models import District
from security import scope
from security.access import holds_anywhere, who_can
from security.models import User
from security.refusals import NotAllowed, RuleBroken, Stale
from security.rules.roles import Permission
from students.access import why_not_for
from students.actions import responsibilities
from students.extensions import follow_merge, movers
from students.merge_plan import MergePlan, plan_of
from students.models import Jurisdiction, Student, StudentIdentifier, StudentMerge
from students.rules.merge import why_not_undo

NUMBERS = {"state_student_id": "state ID", "edfi_id": "Ed-Fi ID", "legacy_key": "legacy ID"}
SHORTEST_REASON = 5
DEED = "merge two records of a child"
CHANGED = "The records have changed since you looked at them. Look again, then merge."


@transaction.atomic
def merge(
    *, by: User, kept: Student, merged: Student, reason: str, key: str, checked: bool = False
) -> StudentMerge:
    """`merged` becomes `kept`. Raises NotAllowed, RuleBroken with its field, Stale when things changed."""
    check_may_merge(by, kept, merged)
    with scope.elevated():
        kept, merged = _locked(kept, merged)
        plan = plan_of(kept, merged)
        _check(plan, reason, key, checked)
        done = StudentMerge.objects.create(kept=kept, merged=merged, reason=reason.strip(), by_id=by.pk)
        done.moved = _move(plan)
        done.save(update_fields=["moved"])
        _mark(merged, into=kept, is_active=False)
        follow_merge(kept.pk, merged.pk)
        _tell(by, done, f"merged with the record {merged.state_student_id}")
    return done


@transaction.atomic
def undo_merge(*, by: User, done: StudentMerge) -> None:
    """Both records as they were; what came since stays with the kept child. Undone twice changes nothing.

    Raises NotAllowed, RuleBroken where a later merge stands on this one.
    """
    check_may_merge(by, done.kept, done.merged)
    with scope.elevated():
        _locked(done.kept, done.merged)
        done = StudentMerge.objects.select_related("kept", "merged").get(pk=done.pk)
        if done.undone_at:
            return
        if sentence := why_not_undo(done.kept.merged_into_id is not None, done.later().exists()):
            raise RuleBroken(sentence)
        _move_back(done)
        done.undone_at, done.undone_by_id = timezone.now(), by.pk
        done.save(update_fields=["undone_at", "undone_by_id"])
        _mark(done.merged, into=None, is_active=done.moved["was_active"])
        follow_merge(done.kept_id, done.merged_id)
        _tell(by, done, f"undid the merge with the record {done.merged.state_student_id}")


def merges_of(kept: Student) -> list[StudentMerge]:
    """Those that the reader sees, each with its merged record, which by itself nobody sees any more."""
    seen = list(kept.merges.values_list("pk", flat=True))
    with scope.elevated():
        return list(StudentMerge.objects.filter(pk__in=seen).select_related("kept", "merged"))


def check_may_merge(by: User, *children: Student) -> None:
    """Whoever may edit each of them where it is answered for today. Raises NotAllowed."""
    answered_for = [(child, district) for child in children for district in responsible(child)]
    for child, district in answered_for:
        if sentence := why_not_for(by, Permission.EDIT_STUDENTS, district, child, DEED):
            raise NotAllowed(sentence)
    if not answered_for and not holds_anywhere(by, Permission.EDIT_STUDENTS):
        raise NotAllowed(f"Only {who_can(Permission.EDIT_STUDENTS)} can {DEED}.")


def responsible(*children: Student) -> list[District]:
    with scope.elevated():
        open_today = Q(last_day=None) | Q(last_day__gte=timezone.localdate())
        rows = Jurisdiction.objects.filter(open_today, student__in=children)
        return list(District.objects.filter(pk__in=rows.values("district")))


def _locked(kept: Student, merged: Student) -> tuple[Student, Student]:
    """As they are now; whoever merges or parts one of them meanwhile waits."""
    rows = Student.objects.select_for_update(of=("self",)).select_related("state").order_by("pk")
    found = {row.pk: row for row in rows.filter(pk__in=[kept.pk, merged.pk])}
    return found[kept.pk], found[merged.pk]


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


def _move(plan: MergePlan) -> dict[str, object]:
    """All that moves, and what has to be known to move it back."""
    kept, merged = plan.kept, plan.merged
    for mover, part in zip(movers(), plan.parts, strict=True):
        rows = mover.model._default_manager.filter(pk__in=part.moving)
        rows.update(student_id=kept.pk, **mover.also(kept))
    joined = responsibilities.join(kept, merged)
    return {part.label: list(part.moving) for part in plan.parts if part.moving} | {
        "responsibilities": joined,
        "numbers": _keep_numbers(kept, merged, joined["taken"]),
        "was_active": merged.is_active,
    }


def _move_back(done: StudentMerge) -> None:
    responsibilities.part(done)
    for mover in movers():
        ids = done.moved.get(mover.model._meta.label, [])
        rows = mover.model._default_manager.filter(pk__in=ids, student_id=done.kept_id)
        rows.update(student_id=done.merged_id)
    StudentIdentifier.objects.filter(pk__in=done.moved["numbers"]).delete()


def _keep_numbers(kept: Student, merged: Student, taken: list[responsibilities.Values]) -> list[int]:
    """Its own numbers, those of a district whose row is gone, and those that it had of a merge before."""
    found = {(words, getattr(merged, name)) for name, words in NUMBERS.items()}
    found |= {("district ID", values["local_student_id"]) for values in taken}
    found |= set(merged.identifiers.values_list("what", "value"))
    rows = [
        StudentIdentifier.objects.get_or_create(student=kept, what=words, value=value)
        for words, value in sorted(found, key=str)
        if value
    ]
    return [row.pk for row, is_new in rows if is_new]


def _mark(merged: Student, into: Student | None, is_active: bool) -> None:
    merged.merged_into, merged.is_active = into, is_active
    merged.version += 1
    merged.save(update_fields=["merged_into", "is_active", "version", "modified_at"])


def _tell(by: User, done: StudentMerge, words: str) -> None:
    district = next(iter(responsible(done.kept)), None)
    record(
        "STUDENTS_MERGED", words, by=by, student_id=done.kept_id, district_id=district and district.pk,
        merge=done.pk,
    )  # fmt: skip
