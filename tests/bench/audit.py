"""The nightly audit of all children: every check, findings opened and cleared."""

import time

from django.db import connection

from enrollment.actions.audit import audit_all
from enrollment.models import Finding
from security import scope
from tests.bench.generated import use
from tests.bench.measure import Result, report

TITLE = "Enrollment audit"
GOAL = 60.0  # seconds for a million children


def run(students: int) -> int:
    """Measure the second night: on the first one all that the generated state has wrong is opened."""
    use(students)
    opened, _ = audit_all()
    with scope.system():
        print(f"{opened:,} findings stand in the generated state, {Finding.objects.open().count():,} open")
    begun = time.perf_counter()
    reading()
    read = time.perf_counter()
    audit_all()
    taken, goal = time.perf_counter() - read, GOAL * students / 1_000_000
    row = Result("audit of all children", (read - begun) * 1000, taken * 1000, f"≤ {goal:g} s", taken <= goal)
    report(f"{TITLE}, {students:,} students", [row])
    return 0 if row.reached else 1


def reading() -> None:
    """The reference: every enrollment read once and sorted by child and day."""
    with scope.system(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT row_number() OVER (PARTITION BY student_id ORDER BY first_day)"
            " FROM enrollment_enrollment) numbered"
        )
