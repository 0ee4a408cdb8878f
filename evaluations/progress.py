"""How far the parts of an evaluation are, as its pages show them."""

from dataclasses import dataclass

from django.urls import reverse

from evaluations.models import Component, Evaluation, TeamMember
from evaluations.models.unfinished import required_of
from evaluations.rules.codes import EvaluationType
from evaluations.rules.report_sections import Held, ReportSection, written_section, written_sections
from organizations.rules.calendar import in_words
from ui.parts import Section, Status


@dataclass(frozen=True)
class ComponentRow:
    component: Component
    url: str
    status: Status


@dataclass(frozen=True)
class MemberRow:
    member: TeamMember
    status: Status


def components_of(evaluation: Evaluation) -> list[ComponentRow]:
    return [ComponentRow(each, address_of(each), _how_far(each)) for each in evaluation.components.all()]


def address_of(component: Component) -> str:
    return reverse("evaluations:component", args=[component.evaluation_id, component.pk])


def _how_far(component: Component) -> Status:
    if component.completed_on:
        return Status("good", f"Completed {in_words(component.completed_on)}")
    return Status(
        "warn" if component.findings else "info", "Begun" if component.findings else "Given out", "edit"
    )


def team_of(evaluation: Evaluation) -> list[MemberRow]:
    return [MemberRow(each, _word(each)) for each in evaluation.team.all()]


def _word(member: TeamMember) -> Status:
    if member.agrees is None:
        return Status("warn", "Has not said yet")
    return Status("good", "Agrees") if member.agrees else Status("bad", "Dissents", "cancel")


def has_parts(evaluation: Evaluation) -> bool:
    """A waiver has no assessment, so neither components nor a report."""
    return evaluation.kind != EvaluationType.WAIVER


def sections_of(evaluation: Evaluation, current: str = "") -> list[Section]:
    """The written sections of the report, each with its state and a link."""
    written = {each.section for each in evaluation.texts.all() if each.text.strip()}
    required = {row.section for row in required_of(evaluation)}
    return [
        Section(
            row.title, reverse("evaluations:section", args=[evaluation.pk, row.section]),
            *_state(row.section in written, row.section in required), current=row.section == current,
        )
        for row in written_sections()
    ]  # fmt: skip


def _state(is_written: bool, is_required: bool) -> tuple[str, str, str]:
    if is_written:
        return "good", "check_circle", "Written"
    return ("warn", "edit", "Needed") if is_required else ("quiet", "remove", "Where it applies")


def counted(evaluation: Evaluation) -> tuple[int, int]:
    """How many of the sections that are needed are written, and how many are needed."""
    written = {each.section for each in evaluation.texts.all() if each.text.strip()}
    needed = {row.section for row in required_of(evaluation) if row.held is Held.TEXT}
    return len(needed & written), len(needed)


def is_needed(evaluation: Evaluation, row: ReportSection) -> bool:
    return row in required_of(evaluation)


def following(section: str) -> str | None:
    keys = [row.section for row in written_sections()]
    place = keys.index(section) + 1
    return keys[place] if place < len(keys) else None


def title_of(section: str | None) -> str:
    row = written_section(section) if section else None
    return row.title if row else ""
