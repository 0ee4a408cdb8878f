"""Evaluations and their reports."""

from datetime import date

import factory

from evaluations.models import Evaluation, Exceptionality, LockedReport, ReportText
from evaluations.models.locked_report import hash_of
from evaluations.rules.report_sections import written_sections
from security.models import User

from .arranging import Arranged, by_the_system
from .organizations import DistrictFactory
from .students import StudentFactory


class EvaluationFactory(Arranged):
    class Meta:
        model = Evaluation

    student = factory.SubFactory(StudentFactory)
    district = factory.SubFactory(DistrictFactory)
    kind = "INIT"
    referral_date = date(2026, 8, 20)
    consent_date = date(2026, 9, 1)


class LockedReportFactory(Arranged):
    class Meta:
        model = LockedReport

    number = 1
    lines = factory.LazyFunction(lambda: [["Student", "Jules Fontenot"]])
    sha256 = factory.LazyAttribute(lambda report: hash_of(report.number, report.lines))


class ExceptionalityFactory(Arranged):
    class Meta:
        model = Exceptionality

    evaluation = factory.SubFactory(EvaluationFactory)
    rank = 1
    code = "SLD"


def write_report(evaluation: Evaluation, evaluator: User) -> None:
    """Whatever a lock still asks for beside the determination: sections, a component, the team."""
    with by_the_system():
        evaluation.met_on = evaluation.met_on or evaluation.determination_date or evaluation.consent_date
        evaluation.save()
        ReportText.objects.bulk_create(
            (
                ReportText(
                    evaluation=evaluation,
                    section=row.section,
                    text=f"Written for {row.title}.",
                    saved_by=evaluator,
                )
                for row in written_sections()
            ),
            ignore_conflicts=True,
        )
        if not evaluation.components.exists():
            evaluation.components.create(
                area="ACADEMIC", evaluator=evaluator, assigned_on=evaluation.consent_date,
                completed_on=evaluation.met_on, instruments="WJ IV", findings="Reads at grade 2.",
            )  # fmt: skip
        if not evaluation.team.exists():
            evaluation.team.create(
                name="Corinne Fontenot", part="PARENT", agrees=True, signed_on=evaluation.met_on
            )
