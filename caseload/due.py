"""What is due for the children of a scope, from the stored deadlines, soonest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from django.db.models import QuerySet

from caseload.addresses import page
from caseload.models import Deadline
from caseload.models.deadline import ADDRESSES, RecordKind
from caseload.rules.sources import name_of, source_of
from caseload.rules.words import counted_in_words
from ieps.models import IepStatus
from security import asked_often
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


ROWS = """
    SELECT d.id, d.student_id, d.number, d.part, d.record_kind, d.record_id,
        d.starts_on, d.due_on, d.extended, d.rule, s.profile
    FROM caseload_deadline d
    JOIN students_student c ON c.id = d.student_id JOIN organizations_state s ON s.id = c.state_id
    WHERE d.id = ANY (%(keys)s::bigint[]) ORDER BY d.due_on, d.student_id, d.number, d.id
"""
# The latest draft, and the latest evaluation that runs, of each child.
BEGUN = """
    SELECT 'iep', student_id, max(id) FROM ieps_iep
    WHERE status = 'DRAFT' AND student_id = ANY (%(ieps)s::bigint[]) GROUP BY student_id
    UNION ALL
    SELECT 'evaluation', student_id, max(id) FROM evaluations_evaluation
    WHERE NOT locked AND outcome = '' AND student_id = ANY (%(evaluations)s::bigint[]) GROUP BY student_id
"""
Begun = Mapping[tuple[str, int], int]  # by kind and child


def dues(keys: Iterable[int]) -> list[Due]:
    """These deadlines, soonest first; two queries."""
    rows = [Row(*row) for row in asked_often.rows(ROWS, {"keys": asked_often.array(keys)})]
    begun = _begun(rows)
    return [_due(row, *_next(row, begun)) for row in rows]


def children(scope: Scope) -> QuerySet[StudentAccess, dict[str, int]]:
    """The children for whom the places in scope answer today, each once.

    A child has one row for a district: of one district none is there twice, and nothing need be sorted out.
    """
    rows = StudentAccess.objects.in_scope(scope).current().values("student_id")
    alone = len(scope.district_ids) == 1 and not scope.site_ids
    return rows if alone else rows.distinct()


def why_of(row: Deadline) -> str:
    """Needs the state of the child."""
    profile = row.student.state.profile
    return counted_in_words(row.number, profile, row.starts_on, row.extended, row.rule, row.part)


def _due(row: Row, step: str, address: tuple[str, int]) -> Due:
    kind = KINDS.get(row.number, row.record_kind)
    why = counted_in_words(row.number, row.profile, row.starts_on, row.extended, row.rule)
    return Due(row.pk, row.due_on, row.student_id, kind, name_of(row.number, row.part), why, step, address)


def _next(row: Row, begun: Begun) -> tuple[str, tuple[str, int]]:
    """What to do next, and where; what was begun already is gone on with."""
    source = source_of(row.number, row.part)
    step = source.step if source else ""
    if row.number in IEP_IS_WRITTEN:
        draft = begun.get(("iep", row.student_id))
        return ("Continue the IEP", ("ieps:iep", draft)) if draft else (step, ("ieps:start", row.student_id))
    if row.number == NEXT_COPY:
        return step, ("notices:child", row.student_id)
    if row.number == REFERRED_AGAIN:
        running = begun.get(("evaluation", row.student_id))
        if running:
            return "Open the evaluation", ("evaluations:evaluation", running)
        return step, ("evaluations:refer", row.student_id)
    return step, (ADDRESSES[RecordKind(row.record_kind)], row.record_id)


def _begun(rows: Iterable[Row]) -> Begun:
    ieps = {row.student_id for row in rows if row.number in IEP_IS_WRITTEN}
    evaluations = {row.student_id for row in rows if row.number == REFERRED_AGAIN}
    if not ieps | evaluations:
        return {}
    asked = {"ieps": asked_often.array(ieps), "evaluations": asked_often.array(evaluations)}
    return {(kind, child): pk for kind, child, pk in asked_often.rows(BEGUN, asked)}
