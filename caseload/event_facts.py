"""What an event of the time line says when it is opened: facts, and the ways on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.urls import reverse

from caseload.addresses import page as page_of
from caseload.timeline import (
    documentation,
    entry_words,
    evaluation_name,
    exit_words,
    found_words,
    iep_name,
    outcome_name,
)
from enrollment.models import Enrollment
from evaluations.models import Evaluation
from ieps.models import Iep
from students.facts import grade_name
from students.models import Student
from ui.dates import in_words, moment_in_words
from ui.parts import Fact


@dataclass(frozen=True)
class Body:
    title: str
    facts: Sequence[Fact]
    links: Sequence[tuple[str, str]] = field(default=())


def of(kind: str, student: Student, pk: int) -> Body | None:
    """The body of one record of this child; None when it has no such record."""
    return KINDS[kind](student, pk) if kind in KINDS else None


def _enrollment(student: Student, pk: int) -> Body | None:
    row = (
        student.enrollments.select_related("site", "responsible_site", "district__state")
        .filter(pk=pk)
        .first()
    )
    if row is None:
        return None
    facts = [
        Fact("Entry", entry_words(row), in_words(row.first_day)),
        Fact("Responsible district", row.district),
    ]
    facts += [Fact("Grade", grade_name(row.grade))] if row.grade else []
    facts += [Fact("Responsible school", row.responsible_site)] if row.responsible_site else []
    facts += _exit_facts(row) if row.last_day else []
    return Body(f"Enrollment at {row.site}", facts, _enrollment_links(row))


def _exit_facts(row: Enrollment) -> list[Fact]:
    recorded = f"recorded {moment_in_words(row.exit_recorded_at)}" if row.exit_recorded_at else ""
    facts = [Fact("Exit", exit_words(row), f"{in_words(row.last_day)}, {recorded}".rstrip(", "))]
    facts += [Fact("Special education roster", row.get_seds_state_display())]
    if row.documentation_due:
        facts += [Fact("Documentation", documentation(row).text, f"due {in_words(row.documentation_due)}")]
    facts += [Fact("New school", row.new_school)] if row.new_school else []
    return facts + ([Fact("How it is known", row.how_known)] if row.how_known else [])


def _enrollment_links(row: Enrollment) -> list[tuple[str, str]]:
    if row.last_day:
        return [("After the exit", reverse("enrollment:after", args=[row.pk]))]
    exit_link = ("Exit this enrollment", reverse("enrollment:exit", args=[row.pk]))
    no_show = ("Mark as a no-show", reverse("enrollment:no_show", args=[row.pk]))
    first_day = ("Record the first day", reverse("enrollment:attend", args=[row.pk]))
    moves = ("Move to a nonpublic school", reverse("enrollment:nonpublic", args=[row.pk]))
    return [first_day, exit_link, no_show] if row.stage == 4 and not row.attended else [exit_link, moves]


def _evaluation(student: Student, pk: int) -> Body | None:
    row = student.evaluations.select_related("district", "coordinator").filter(pk=pk).first()
    return (
        None
        if row is None
        else Body(evaluation_name(row), _evaluation_facts(row), _open("evaluations:evaluation", row))
    )


def _evaluation_facts(row: Evaluation) -> list[Fact]:
    days = (
        ("Referred", row.referral_date), ("Consent received", row.consent_date),
        ("Determined", row.determination_date), ("Report given out", row.dissemination_date),
    )  # fmt: skip
    facts = [Fact(label, in_words(day)) for label, day in days if day]
    facts += [Fact("Outcome", outcome_name(row), found_words(row))] if row.outcome else []
    facts += [Fact("Coordinator", row.coordinator)] if row.coordinator else []
    return facts + [Fact("State", "locked" if row.locked else "not locked")]


def _iep(student: Student, pk: int) -> Body | None:
    row = student.ieps.select_related("district").filter(pk=pk).first()
    if row is None:
        return None
    days = (
        ("Meeting", row.meeting_date), ("From", row.first_day), ("To", row.last_day),
        ("Signed by the parent", row.parent_date), ("Signed by the district", row.odr_date),
    )  # fmt: skip
    facts = [Fact(label, in_words(day)) for label, day in days if day]
    return Body(iep_name(row), [*facts, Fact("State", row.get_status_display())], _open("ieps:iep", row))


def _open(name: str, row: Evaluation | Iep) -> list[tuple[str, str]]:
    url = page_of(name, row.pk)
    return [("Open it", url)] if url else []


KINDS: dict[str, Callable[[Student, int], Body | None]] = {
    "enrollment": _enrollment,
    "evaluation": _evaluation,
    "iep": _iep,
}
