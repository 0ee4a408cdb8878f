"""What is due for the children of a scope, from all records, soonest first."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from enrollment.models import Enrollment
from evaluations.models import Evaluation
from evaluations.rules import due_days
from ieps.models import Iep, IepStatus
from organizations.calendars import calendars_of
from security.scope import Scope
from students.models import StudentAccess
from ui.dates import in_words

HORIZON = timedelta(days=56)
WEEK = timedelta(days=7)
AMENDMENT = "AMD"
IN_FORCE = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.AMENDED)


@dataclass(frozen=True)
class Due:
    """One duty. `why` tells how its day was counted, `step` what to do next, `address` the record's page."""

    day: date
    student_id: int
    kind: str
    what: str
    why: str
    step: str
    address: tuple[str, int]


def everything_due(scope: Scope, today: date) -> list[Due]:
    """Overdue duties, and those of the next eight weeks; four or five queries."""
    last = today + HORIZON
    found = [*_documentation(scope, last), *_evaluations(scope, last), *_reviews(scope, last)]
    return sorted(found, key=lambda due: (due.day, due.student_id))


def children(scope: Scope) -> QuerySet[StudentAccess]:
    """The children for whom the places in scope answer today."""
    return StudentAccess.objects.in_scope(scope).current()


def _documentation(scope: Scope, last: date) -> Iterator[Due]:
    """Exit documentation, from the district that recorded the exit, also after the child has left."""
    open_ones = documentation_open(scope).filter(documentation_due__lte=last)
    for row in open_ones.values("pk", "student_id", "exit_code", "last_day", "documentation_due"):
        yield Due(
            row["documentation_due"],
            row["student_id"],
            "enrollment",
            "Exit documentation",
            f"Exit {row['exit_code']} on {in_words(row['last_day'])}",
            "Open the student",
            ("enrollment:enrollment", row["pk"]),
        )


def documentation_open(scope: Scope) -> QuerySet[Enrollment]:
    rows = Enrollment.objects.filter(documentation_due__isnull=False, documentation_accepted_at=None)
    if scope.everything:
        return rows
    return rows.filter(Q(district_id__in=scope.district_ids) | Q(site_id__in=scope.site_ids))


def evaluations_open(scope: Scope) -> QuerySet[Evaluation]:
    mine = children(scope).filter(student_id=OuterRef("student_id"))
    return Evaluation.objects.in_progress().filter(Exists(mine))


def _evaluations(scope: Scope, last: date) -> Iterator[Due]:
    rows = list(
        evaluations_open(scope)
        .filter(consent_date__isnull=False)
        .values("pk", "student_id", "district_id", "consent_date", "extended_to", "district__state__profile")
    )
    calendars = calendars_of({row["district_id"] for row in rows})
    for row in rows:
        due = due_days.evaluation_due(
            row["district__state__profile"],
            row["consent_date"],
            calendars.get(row["district_id"]),
            row["extended_to"],
        )
        if due.day and due.day <= last:
            why, address = due_days.evaluation_in_words(due), ("evaluations:evaluation", row["pk"])
            yield Due(
                due.day, row["student_id"], "evaluation", "Evaluation", why, "Open the evaluation", address
            )


def _reviews(scope: Scope, last: date) -> Iterator[Due]:
    """Of each child its latest full IEP; an amendment does not move the review (D08)."""
    full = Iep.objects.filter(status__in=IN_FORCE, meeting_date__isnull=False).exclude(kind=AMENDMENT)
    later = full.filter(student_id=OuterRef("student_id"), meeting_date__gt=OuterRef("meeting_date"))
    mine = children(scope).filter(student_id=OuterRef("student_id"))
    rows = full.filter(Exists(mine), ~Exists(later), meeting_date__lte=last - timedelta(days=365)).order_by()
    drafts = Iep.objects.drafts().filter(student_id=OuterRef("student_id")).order_by("-pk")
    rows = rows.annotate(draft=Subquery(drafts.values("pk")[:1]))
    for student_id, meeting, draft in rows.values_list("student_id", "meeting_date", "draft"):
        if (day := due_days.review_due(meeting)) <= last:
            why = f"Meeting {in_words(meeting)} + 1 year"
            step, address = "Start the review", ("ieps:start", student_id)
            if draft:
                step, address = "Continue the IEP", ("ieps:iep", draft)
            yield Due(day, student_id, "iep", "Annual IEP review", why, step, address)
