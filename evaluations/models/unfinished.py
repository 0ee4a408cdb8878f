"""What of an evaluation is not finished yet, by name: its components, its report, its team, its waiver."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evaluations.rules.codes import EvaluationType
from evaluations.rules.parts import areas
from evaluations.rules.report_sections import Held, ReportSection, required_sections

if TYPE_CHECKING:
    from evaluations.models.evaluation import Evaluation

SECTION = "report section"


def parts_missing(evaluation: "Evaluation") -> Iterator[str]:
    """In the order of the page. A waiver has no assessment, and so neither components nor a report."""
    if evaluation.kind == EvaluationType.WAIVER:
        if not hasattr(evaluation, "waiver"):
            yield "agreement of parents and district"
        return
    yield from _components(evaluation)
    yield from _report(evaluation)
    yield from _team(evaluation)


def required_of(evaluation: "Evaluation") -> tuple[ReportSection, ...]:
    codes = [each.code for each in evaluation.exceptionalities.all()]
    return required_sections(profile_of(evaluation), evaluation.referral_date, codes)


def profile_of(evaluation: "Evaluation") -> str:
    return evaluation.district.state.profile if evaluation.district else ""


def _components(evaluation: "Evaluation") -> Iterator[str]:
    there = list(evaluation.components.all())
    for each in there:
        if each.completed_on is None:
            yield f"component {each.name.lower()} by {each.evaluator}"
    done, profile = {each.area for each in there}, profile_of(evaluation)
    for row in areas():
        if profile in row.required_in and row.area not in done:
            yield f"component {row.name.lower()}"
    if not there and any(row.held is Held.COMPONENTS for row in required_of(evaluation)):
        yield "a component with its evaluator"


def _report(evaluation: "Evaluation") -> Iterator[str]:
    written = {each.section for each in evaluation.texts.all() if each.text.strip()}
    for row in required_of(evaluation):
        if row.held is Held.TEXT and row.section not in written:
            yield f"{SECTION} “{row.title}”"


def _team(evaluation: "Evaluation") -> Iterator[str]:
    members = list(evaluation.team.all())
    if any(row.held is Held.TEAM for row in required_of(evaluation)):
        if evaluation.met_on is None:
            yield "eligibility meeting"
        elif not members:
            yield "team of the meeting"
    for each in members:
        if each.agrees is None:
            yield f"agreement or dissent of {each.name}"
