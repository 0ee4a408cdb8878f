"""The eligibility report as lines of label and value: what is locked, compared and printed."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from evaluations.models import Evaluation, LockedReport, TeamMember
from evaluations.models.locked_report import Lines
from evaluations.rules.codes import delay_reasons_wi, exceptionality, extension, not_enrolled_as
from evaluations.rules.report_sections import written_sections
from organizations.rules.calendar import in_words
from students.models import Student
from ui.parts import Difference

CHILD = ("Student", "State ID", "Born")


def lines_of(evaluation: Evaluation) -> Lines:
    """Only what is known; codes with their meaning, so that it can be read without the tables of the day."""
    told = (
        *_child(evaluation.student), *_course(evaluation), *_longer(evaluation), *_written(evaluation),
        *_assessed(evaluation), *_team(evaluation), *_waiver(evaluation), *_decision(evaluation),
    )  # fmt: skip
    return [[label, value] for label, value in told if value]


def _child(student: Student) -> Iterator[tuple[str, str]]:
    values = (student.full_name, student.state_student_id or "", in_words(student.birth_date))
    yield from zip(CHILD, values, strict=True)


def _course(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield "District", str(evaluation.district or "")
    yield "Type", evaluation.kind_name
    outside = not_enrolled_as(evaluation.not_enrolled)
    yield "Not enrolled", outside.name if outside else ""
    yield "Referral received", _day(evaluation.referral_date)
    yield "Reason for the referral", evaluation.referral_reason
    yield "Coordinator", str(evaluation.coordinator or evaluation.coordinator_staff_id)
    yield "Consent received", _day(evaluation.consent_date)
    yield "Determination date", _day(evaluation.determination_date)
    yield "Report given out", _day(evaluation.dissemination_date)


def _longer(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    """Each extension that was approved; of an older record only the day and the code are known."""
    approved = [each for each in evaluation.extensions.all() if each.approved]
    for number, each in enumerate(approved, start=1):
        decided = f"approved {in_words(timezone.localdate(each.decided_at))}"
        yield f"Extension {number}", f"{_until(each.to, each.code)}, {decided}\n\n{each.reason}"
    if evaluation.extended_to and not approved:
        yield "Extension", _until(evaluation.extended_to, evaluation.extension_code)


def _until(day: date, code: str) -> str:
    return f"to {in_words(day)}: {extension(code) or code}".rstrip(": ")


def _written(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    texts = {each.section: each.text.strip() for each in evaluation.texts.all()}
    yield from ((row.title, texts.get(row.section, "")) for row in written_sections())


def _assessed(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    for each in evaluation.components.all():
        done = f"completed {in_words(each.completed_on)}" if each.completed_on else "not completed"
        told = (done.capitalize(), each.instruments.strip(), each.findings.strip())
        yield f"{each.name}, by {each.evaluator}", "\n\n".join(part for part in told if part)


def _team(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    yield "Eligibility meeting", _day(evaluation.met_on)
    for number, each in enumerate(evaluation.team.all(), start=1):
        yield f"Team member {number}", f"{each.name}, {each.part_name.lower()}: {word_of(each)}"


def word_of(member: TeamMember) -> str:
    if member.agrees is None:
        return "has not said yet"
    said = "agrees" if member.agrees else "dissents"
    signed = f"{said}, signed {_day(member.signed_on)}"
    return f"{signed}\n\n{member.statement}" if member.statement else signed


def _waiver(evaluation: Evaluation) -> Iterator[tuple[str, str]]:
    if waiver := getattr(evaluation, "waiver", None):
        yield "Waived by the parents", f"{waiver.parent_name}, {in_words(waiver.parent_signed_on)}"
        yield "Waived by the district", f"{waiver.agency_name}, {in_words(waiver.agency_signed_on)}"
        yield "Guidance", waiver.guidance


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
