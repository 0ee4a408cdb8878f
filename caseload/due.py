"""What is due for the children of a scope, from the stored deadlines, soonest first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from caseload.addresses import page
from caseload.models import Deadline
from caseload.models.deadline import ADDRESSES, RecordKind
from caseload.rules.sources import listed, name_of, source_of
from caseload.rules.words import counted_in_words
from enrollment.models import Enrollment
from evaluations.models import Evaluation
from ieps.models import Iep, IepStatus
from security.models import User
from security.scope import Scope
from students.models import StudentAccess

HORIZON = timedelta(days=56)
WEEK = timedelta(days=7)
AMENDMENT = "AMD"
IN_FORCE = (IepStatus.OFFICIAL, IepStatus.OFFICIAL_INCOMPLETE, IepStatus.AMENDED, IepStatus.DELREQ)
# Whose work it is, where the record that starts the clock is another's.
KINDS = {"D05": "iep", "D09": "evaluation", "D14": "iep", "D24": "notice", "D37": "enrollment"}
IEP_IS_WRITTEN = ("D05", "D08")
REFERRED_AGAIN = "D09"
NEXT_COPY = "D22"


@dataclass(frozen=True)
class Due:
    """One duty, of the stored deadline `pk`. `why` tells how its day was counted.

    `step` is what to do next, `address` the page where that is done.
    """

    pk: int
    day: date
    student_id: int
    kind: str
    what: str
    why: str
    step: str
    address: tuple[str, int]

    @property
    def how(self) -> str:
        """The page that shows day by day how its day was counted."""
        return page("caseload:deadline", self.pk)


class Row(NamedTuple):
    """What a page says of a deadline: a model for each, with its child and its state, takes twice as long."""

    pk: int
    student_id: int
    number: str
    part: str
    record_kind: str
    record_id: int
    starts_on: date
    due_on: date
    extended: bool
    rule: str
    profile: str


COLUMNS = (*Row._fields[:-1], "student__state__profile")


def everything_due(scope: Scope, today: date, person: User | None = None) -> list[Due]:
    """Overdue duties, and those of the next eight weeks; three queries. Of one `person`, or of all."""
    rows = Deadline.objects.in_scope(scope).due_by(today + HORIZON).filter(number__in=listed())
    rows = rows.filter(responsible=person) if person else rows
    found = [Row(*row) for row in rows.order_by("due_on", "student_id", "number").values_list(*COLUMNS)]
    drafts = _drafts(row.student_id for row in found if row.number in IEP_IS_WRITTEN)
    running = _running(row.student_id for row in found if row.number == REFERRED_AGAIN)
    return [_due(row, *_next(row, drafts, running)) for row in found]


def children(scope: Scope) -> QuerySet[StudentAccess, dict[str, int]]:
    """The children for whom the places in scope answer today, each once.

    A child has one row for a district: of one district none is there twice, and nothing need be sorted out.
    """
    rows = StudentAccess.objects.in_scope(scope).current().values("student_id")
    alone = len(scope.district_ids) == 1 and not scope.site_ids
    return rows if alone else rows.distinct()


def documentation_open(scope: Scope) -> QuerySet[Enrollment]:
    """From the district that recorded the exit, also after the child has left."""
    rows = Enrollment.objects.filter(documentation_due__isnull=False, documentation_accepted_at=None)
    if scope.everything:
        return rows
    return rows.filter(Q(district_id__in=scope.district_ids) | Q(site_id__in=scope.site_ids))


def evaluations_open(scope: Scope) -> QuerySet[Evaluation]:
    mine = StudentAccess.objects.in_scope(scope).current().filter(student_id=OuterRef("student_id"))
    return Evaluation.objects.in_progress().filter(Exists(mine))


def why_of(row: Deadline) -> str:
    """Needs the state of the child."""
    profile = row.student.state.profile
    return counted_in_words(row.number, profile, row.starts_on, row.extended, row.rule, row.part)


def _due(row: Row, step: str, address: tuple[str, int]) -> Due:
    kind = KINDS.get(row.number, row.record_kind)
    why = counted_in_words(row.number, row.profile, row.starts_on, row.extended, row.rule)
    return Due(row.pk, row.due_on, row.student_id, kind, name_of(row.number, row.part), why, step, address)


def _next(row: Row, drafts: dict[int, int], running: dict[int, int]) -> tuple[str, tuple[str, int]]:
    """What to do next, and where; what was begun already is gone on with."""
    source = source_of(row.number, row.part)
    step = source.step if source else ""
    if row.number in IEP_IS_WRITTEN:
        draft = drafts.get(row.student_id)
        return ("Continue the IEP", ("ieps:iep", draft)) if draft else (step, ("ieps:start", row.student_id))
    if row.number == NEXT_COPY:
        return step, ("notices:child", row.student_id)
    if row.number == REFERRED_AGAIN:
        begun = running.get(row.student_id)
        if begun:
            return "Open the evaluation", ("evaluations:evaluation", begun)
        return step, ("evaluations:refer", row.student_id)
    return step, (ADDRESSES[RecordKind(row.record_kind)], row.record_id)


def _drafts(student_ids: Iterable[int]) -> dict[int, int]:
    """The latest draft of each child."""
    rows = Iep.objects.drafts().filter(student_id__in=set(student_ids)).order_by("pk")
    return dict(rows.values_list("student_id", "pk"))


def _running(student_ids: Iterable[int]) -> dict[int, int]:
    rows = Evaluation.objects.in_progress().filter(student_id__in=set(student_ids)).order_by("pk")
    return dict(rows.values_list("student_id", "pk"))
