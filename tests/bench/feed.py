"""A night's feed of the largest district: read, staged, judged, loaded; beside a plain COPY of the same file.

Of its rows one in a hundred has another grade, as in a year-end night; the rest stand here already. Rows that
enter or exit somebody go through the verbs one by one and are not measured here.
"""

import csv
import io
from datetime import date

from django.db import connection, transaction

from enrollment.actions.audit import audit_students
from enrollment.actions.feed_changes import change_known, keep_changes, remember, write_as_feed
from enrollment.feed import staging
from enrollment.feed.reading import read_feed
from enrollment.models import Enrollment, FeedLoad
from enrollment.rules.feed import Does, columns
from organizations.models import District, SchoolYear, SiteKind
from security import scope
from security.models import User
from tests.bench.generated import use
from tests.bench.measure import Result, alternating, report

GOAL = 20_000  # rows in a second
ROUNDS = 4
ANOTHER_GRADE = 100  # one row of so many


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when the goal is kept."""
    use(students)
    with transaction.atomic():
        scope.enter(scope.EVERYTHING)
        load, by = arranged()
        content = file_of(load)
        rows = content.count(b"\n") - 1
        plain, ours = alternating(lambda: copied(content), lambda: loaded(load, by, content), rounds=ROUNDS)
        rate = rows / ours * 1000
        results = [
            Result(f"{rows:,} rows, {rate:,.0f} rows/s", plain, ours, f"≥ {GOAL:,} rows/s", rate >= GOAL)
        ]
        transaction.set_rollback(True)
    report(f"The feed, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def arranged() -> tuple[FeedLoad, User]:
    """The school year of the youngest enrollments; all is taken back at the end."""
    district = District.objects.select_related("state").order_by("id")[0]
    year, _ = SchoolYear.objects.get_or_create(
        state=district.state, name="2025-26",
        defaults={"first_day": date(2025, 7, 1), "last_day": date(2026, 6, 30)},
    )  # fmt: skip
    by = User.objects.get(username="large")
    load = FeedLoad.objects.create(district=district, school_year=year, sha256="0", layout="own", by_id=by.pk)
    return load, by


def file_of(load: FeedLoad) -> bytes:
    """The open enrollments at schools that may serve the district."""
    text = io.StringIO()
    writer = csv.DictWriter(text, columns(), restval="")
    writer.writeheader()
    open_ones = Enrollment.objects.filter(district=load.district, last_day=None).select_related(
        "student", "site"
    )
    mine = [
        row
        for row in open_ones
        if row.site.kind != SiteKind.PUBLIC or row.site.district_id == load.district_id
    ]
    for n, row in enumerate(mine):
        writer.writerow(line_of(row, "07" if n % ANOTHER_GRADE == 0 else row.grade))
    return text.getvalue().encode()


def line_of(row: Enrollment, grade: str) -> dict[str, object]:
    child = row.student
    return {
        "state_student_id": child.state_student_id, "last_name": child.last_name, "sex": child.sex,
        "first_name": child.first_name, "birth_date": child.birth_date, "grade": grade,
        "school_code": row.site.code, "entry_code": row.entry_code, "entry_date": row.first_day,
    }  # fmt: skip


def loaded(load: FeedLoad, by: User, content: bytes) -> None:
    """Everything that a load does, taken back."""
    with transaction.atomic():
        write_as_feed(load, by)
        staging.stage(read_feed(io.BytesIO(content)))
        counts = staging.judge(load)
        assert counts.keys() == {Does.SAME, Does.CHANGED}, counts
        remember(staging.touched())
        change_known()
        children = staging.children(load)
        audit_students(children)
        staging.keep_rows(load)
        keep_changes(load, children)
        transaction.set_rollback(True)


def copied(content: bytes) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cells = ", ".join(f"{name} text" for name in columns())
        cursor.execute(f"CREATE TEMP TABLE plain ({cells}) ON COMMIT DROP")
        with cursor.copy("COPY plain FROM STDIN (FORMAT csv, HEADER)") as copy:
            copy.write(content)
        transaction.set_rollback(True)
