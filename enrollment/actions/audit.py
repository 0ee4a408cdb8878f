"""The enrollment audit: on every change for the child concerned, each night for all; and its explanations."""

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone

from enrollment.access import check_may_explain
from enrollment.models import Finding
from enrollment.queries.audit import audit, audit_these
from journal.actions import record
from security import scope
from security.models import User
from security.refusals import RuleBroken
from students.models import Student

AT_ONCE = 25_000  # children in one statement, whose enrollments are held in memory
LONGEST = 500


_noted: ContextVar[set[int] | None] = ContextVar("children noted for the audit", default=None)


def audit_student(student_id: int) -> None:
    """Open what is found about this child now, and clear what no longer holds; inside the caller's change."""
    noted = _noted.get()
    if noted is None:
        audit_students([student_id])
    else:
        noted.add(student_id)


@contextmanager
def children_noted() -> Iterator[set[int]]:
    """Meanwhile the verbs only note their children: whoever does many at once audits them together after."""
    noted: set[int] = set()
    token = _noted.set(noted)
    try:
        yield noted
    finally:
        _noted.reset(token)


def audit_students(children: Collection[int]) -> None:
    """The same for several children, in one statement."""
    with scope.elevated():
        audit_these(children, timezone.localdate(), timezone.now())


def audit_all(tell: Callable[[int, int], None] = lambda done, of: None) -> tuple[int, int]:
    """All children, part by part, each in a transaction of its own: how many were opened and cleared."""
    with scope.system():
        last = Student.objects.aggregate(last=Max("pk"))["last"] or 0
    opened = cleared = 0
    now = timezone.now()
    for low in range(1, last + 1, AT_ONCE):
        more, less = _part(low, now)
        opened, cleared = opened + more, cleared + less
        tell(min(low + AT_ONCE - 1, last), last)
    return opened, cleared


def _part(low: int, now: datetime) -> tuple[int, int]:
    with scope.system():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL work_mem = '64MB'")
        return audit(low, low + AT_ONCE - 1, timezone.localdate(now), now)


@transaction.atomic
def explain(*, by: User, finding: Finding, words: str) -> Finding:
    """Say why it is as it is; the finding stays until it no longer holds. Raises NotAllowed, RuleBroken."""
    check_may_explain(by, finding)
    words = words.strip()
    if not words:
        raise RuleBroken("Say in a sentence why it is as it is.", "words")
    if len(words) > LONGEST:
        raise RuleBroken(f"At most {LONGEST} characters, please.", "words")
    finding = Finding.objects.select_for_update(of=("self",)).get(pk=finding.pk)
    if finding.cleared_at:
        raise RuleBroken("This finding no longer holds: the records were put right meanwhile.", "words")
    finding.explained, finding.explained_by_id, finding.explained_at = words, by.pk, timezone.now()
    finding.save(update_fields=["explained", "explained_by_id", "explained_at"])
    record(
        "FINDING_EXPLAINED", f"explained a finding of check {finding.check_number}", by=by,
        student_id=finding.student_id, district_id=finding.district_id, finding=finding.pk,
    )  # fmt: skip
    return finding
