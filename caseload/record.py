"""All that is known of one child, read once; row-level security decides what this reader sees of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from caseload.actions.dirty import count_child
from caseload.due import AMENDMENT, IN_FORCE
from caseload.models import Deadline
from caseload.rules.sources import listed
from documents.models import Document
from enrollment.models import Enrollment, SpecialEducationActivity
from evaluations.models import Evaluation
from evaluations.rules.codes import Outcome
from evaluations.rules.standing import Standing
from ieps.models import Iep, IepStatus, Service
from journal.models import Entry
from notices.models import Notice
from students.models import Contact, Jurisdiction, Student, every_record_of

JOURNAL_SHOWN = 200


@dataclass(frozen=True)
class StudentRecord:
    """Newest first, each kind in one query."""

    student: Student
    today: date
    jurisdictions: Sequence[Jurisdiction]
    enrollments: Sequence[Enrollment]
    evaluations: Sequence[Evaluation]
    ieps: Sequence[Iep]
    services: Sequence[Service]
    activities: Sequence[SpecialEducationActivity]
    contacts: Sequence[Contact]
    documents: Sequence[Document]
    notices: Sequence[Notice]
    deadlines: Sequence[Deadline]
    entries: Sequence[Entry]

    @property
    def jurisdiction(self) -> Jurisdiction | None:
        """The open one, else the latest."""
        return next(
            (row for row in self.jurisdictions if row.last_day is None), next(iter(self.jurisdictions), None)
        )

    @property
    def open_enrollment(self) -> Enrollment | None:
        return next((row for row in self.enrollments if row.last_day is None), None)

    @property
    def special_education(self) -> SpecialEducationActivity | None:
        return next((row for row in self.activities if row.goes_on(self.today)), None)

    @property
    def eligibility(self) -> Evaluation | None:
        """The latest evaluation that found the child eligible."""
        decided = (
            row for row in self.evaluations if row.outcome == Outcome.ELIGIBLE and row.determination_date
        )
        return max(decided, key=lambda row: row.determination_date, default=None)

    @property
    def being_evaluated(self) -> bool:
        return any(not row.outcome and not row.locked for row in self.evaluations)

    @property
    def current_iep(self) -> Iep | None:
        """The latest that has begun; one that lies ahead is not current yet."""
        full = (
            row
            for row in self.ieps
            if row.status in IN_FORCE and row.kind != AMENDMENT and row.meeting_date
            if not row.is_future
        )
        return max(full, key=lambda row: row.meeting_date, default=None)

    @property
    def draft(self) -> Iep | None:
        return next((row for row in self.ieps if row.status == IepStatus.DRAFT), None)


def record_of(student: Student, today: date) -> StudentRecord:
    """Fourteen queries, however long the record is. Deadlines that are out of date are counted first."""
    count_child(student.pk)
    evaluations = student.evaluations.select_related("district").prefetch_related("exceptionalities")
    return StudentRecord(
        student,
        today,
        jurisdictions=list(
            student.jurisdictions.select_related("district", "site").order_by("-first_day", "-pk")
        ),
        enrollments=list(
            student.enrollments.select_related("district__state", "site").order_by("-first_day", "-pk")
        ),
        evaluations=list(evaluations.order_by("-created_at", "-pk")),
        ieps=list(student.ieps.select_related("district", "author").order_by("-meeting_date", "-pk")),
        services=list(student.services.order_by("-first_day", "-pk")),
        activities=list(student.activities.select_related("district").order_by("-first_day")),
        contacts=list(student.contacts.all()),
        documents=list(Document.objects.filter(student_id=student.pk).order_by("-pk")),
        notices=list(student.notices.prefetch_related("deliveries")),
        deadlines=list(student.deadlines.select_related("student__state").order_by("-due_on", "number")),
        entries=list(
            Entry.objects.filter(student_id__in=every_record_of(student)).order_by("-at")[:JOURNAL_SHOWN]
        ),
    )


def next_deadline(record: StudentRecord) -> Deadline | None:
    """The soonest duty of this child, overdue ones first; None when nothing is known to be due."""
    found = (row for row in record.deadlines if row.standing == Standing.OPEN and row.number in listed())
    return min((row for row in found if row.due_on), key=lambda row: row.due_on, default=None)
