"""A child becomes known."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Value
from django.utils import timezone

from journal.actions import record
from organizations.models import District, State
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.models import Student, goes_on_as
from students.models.student import Fold


@dataclass(frozen=True, kw_only=True)
class Child:
    """What is written down when a child is entered for the first time."""

    state_student_id: str
    last_name: str
    first_name: str
    birth_date: date
    sex: str
    middle_name: str = ""
    suffix: str = ""
    hispanic: bool | None = None
    races: str = ""
    home_language: str = ""
    edfi_id: str = ""


def known_or_new(*, by: User, state: State, child: Child, district: District) -> Student:
    """The child with this number in the state, written down now when nobody knew it; its row is locked. The
    number of a record that was merged is the child's that goes on.

    Call it inside the transaction of the deed that gives the child a responsible district, after access is
    checked: the child is found wherever it is. Raises RuleBroken when the number belongs to somebody else.
    """
    if child.birth_date > timezone.localdate():
        raise RuleBroken("A birth date cannot be in the future.", "birth_date")
    with scope.elevated():
        facts = {name: value for name, value in vars(child).items() if name != "state_student_id"}
        student, is_new = Student.objects.get_or_create(
            state=state, state_student_id=child.state_student_id, defaults=facts
        )
        kept = current(student)
        if not is_new and not (_is_same(student, child) or _is_same(kept, child)):
            raise RuleBroken(
                f"{child.state_student_id} is the number of another child: name or birth date differ."
                " Check the number, or ask the state's help desk who has it.",
                "state_student_id",
            )
        if is_new:
            record(
                "STUDENT_WRITTEN_DOWN", "became known", by=by, student_id=student.pk, district_id=district.pk
            )
    return kept


def current(student: Student) -> Student:
    """The child as it is now, its row locked; the one that goes on where the record was merged."""
    found = Student.objects.select_for_update().get(pk=goes_on_as(student.pk))
    return found if found.merged_into_id is None else current(found)  # merged while we waited for the row


def _is_same(student: Student, child: Child) -> bool:
    """The birth date and the folded last name agree; a first name may be spelled otherwise."""
    named = Student.objects.annotate(folded=Fold("last_name")).filter(folded=Fold(Value(child.last_name)))
    return student.birth_date == child.birth_date and named.filter(pk=student.pk).exists()
