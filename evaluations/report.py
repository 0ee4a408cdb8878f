"""The eligibility report as lines of label and value: what is locked, compared and printed."""

from collections.abc import Iterator
from datetime import date

from evaluations.models import Evaluation, LockedReport
from evaluations.models.locked_report import Lines
from evaluations.rules.codes import delay_reasons_wi, exceptionality
from organizations.rules.calendar import in_words
from students.models import Student
from ui.parts import Difference

CHILD = ("Student", "State ID", "Born")


def lines_of(evaluation: Evaluation) -> Lines:
    """Only what is known; codes with their meaning, so that it can be read without the tables of the day."""
    told = (*_child(evaluation.student), *_course(evaluation), *_decision(evaluation))
    return [[label, value] for label, value in told if value]


def _child(student: Student) -> Iterator[tuple[str, str]]:
    values = (student.full_name, student.state_student_id or "", in_words(student.birth_date))
    yield from zip(CHILD, values, strict=True)


def _course(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield "District", str(evaluation.district or "")
    yield "Type", evaluation.kind_name
    yield "Referral received", _day(evaluation.referral_date)
    yield "Reason for the referral", evaluation.referral_reason
    yield "Coordinator", str(evaluation.coordinator or evaluation.coordinator_staff_id)
    yield "Consent received", _day(evaluation.consent_date)
    yield "Determination date", _day(evaluation.determination_date)
    yield "Report given out", _day(evaluation.dissemination_date)


def _decision(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield "Outcome", evaluation.outcome_name
    for each in evaluation.exceptionalities.all():
        label = "Primary exceptionality" if each.rank == 1 else f"Exceptionality {each.rank}"
        yield label, str(exceptionality(each.code) or each.code)
    reasons = {row.code: str(row) for row in delay_reasons_wi()}
    yield "Delay reason", reasons.get(evaluation.delay_reason, evaluation.delay_reason)
    yield "Late reason", evaluation.late_reason
    yield "Summary", evaluation.summary


def _day(day: date | None) -> str:
    return in_words(day) if day else ""


def differences(before: LockedReport, after: LockedReport) -> list[Difference]:
    """Side by side, in the order of the later one; what only the earlier one says stands at the end."""
    old, new = (dict(each.lines) for each in (before, after))
    labels = [*new, *(label for label in old if label not in new)]
    return [
        Difference(label, [old.get(label, ""), new.get(label, "")], differs=old.get(label) != new.get(label))
        for label in labels
    ]


def reports_of(evaluation: Evaluation) -> list[LockedReport]:
    """The latest first; a report locked before the rollover has none."""
    rows = LockedReport.objects.filter(evaluation_id=evaluation.pk, student=evaluation.student_id)
    return list(rows.order_by("-number"))
