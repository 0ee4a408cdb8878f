"""One district's roster as of a day, as known at an instant, beside a plain count of its rows."""

from datetime import date

from django.db import connection, transaction
from django.utils import timezone

from enrollment.models import Enrollment
from enrollment.queries.rosters import Asked, groups
from organizations.models import District
from security import scope
from security.models import User
from tests.bench.generated import use
from tests.bench.measure import Result, alternating, report

TITLE = "Rosters"
CHANGED = 20_000  # enrollments of the whole state recorded after the instant
DAY = date(2025, 10, 1)


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    user = User.objects.get(username="large")
    district = District.objects.order_by("id").first()
    change_some("06")  # the generated state has no history: now these have one
    before = timezone.now()
    change_some("07")
    asked = {
        "as known now": Asked(district.pk, DAY, timezone.now()),
        f"as known {CHANGED:,} changes ago": Asked(district.pk, DAY, before),
    }
    with transaction.atomic():
        scope.enter_as(user)
        results = [measured(f"roster {words}", one) for words, one in asked.items()]
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def change_some(grade: str) -> None:
    """Enrollments spread over the state; the triggers write their history."""
    with scope.system():
        rows = Enrollment.objects.filter(last_day=None).order_by("pk")[:CHANGED]
        Enrollment.objects.filter(pk__in=list(rows.values_list("pk", flat=True))).update(grade=grade)


def measured(words: str, asked: Asked) -> Result:
    """The reference counts the rows of the district by school and grade, whenever they were known."""
    plain, ours = alternating(lambda: plainly(asked), lambda: groups(asked), rounds=8)
    return Result(words, plain, ours, "≤ 200 ms", ours <= 200.0)


def plainly(asked: Asked) -> list:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT site_id, grade, count(*) FROM enrollment_enrollment WHERE district_id = %s"
            " AND first_day <= %s AND (last_day IS NULL OR last_day > %s) GROUP BY 1, 2",
            [asked.district_id, asked.day, asked.day],
        )
        return cursor.fetchall()
