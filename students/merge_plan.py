"""What a merge of two records would do, found out without doing it."""

from dataclasses import dataclass

from security import scope
from students.actions.responsibilities import why_not_responsible
from students.extensions import MovesAlong, movers
from students.models import Student
from students.rules.merge import Identity, doubts, why_not_merge


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
    """In the scope of the system: what moves need not be in anybody's reach."""
    with scope.elevated():
        one, other = _identity(kept), _identity(merged)
        why_not = why_not_merge(one, other) or why_not_responsible(kept, merged)
        parts = tuple(_part(mover, kept, merged) for mover in movers())
        return MergePlan(kept, merged, parts, doubts(one, other), why_not)


def _identity(child: Student) -> Identity:
    return Identity(
        number=child.state_student_id, state=child.state.code, birth_date=child.birth_date, sex=child.sex,
        folded_last_name=child.last_name.casefold(), merged=child.merged_into_id is not None,
    )  # fmt: skip


def _part(mover: MovesAlong, kept: Student, merged: Student) -> Part:
    rows = mover.model._default_manager.filter(student_id=merged.pk).order_by("pk")
    staying = tuple(rows.filter(mover.stays(kept, merged)).values_list("pk", flat=True))
    moving = tuple(rows.exclude(pk__in=staying).values_list("pk", flat=True))
    return Part(mover.words, mover.model._meta.label, moving, staying)
