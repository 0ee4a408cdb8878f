"""All deadlines of 100,000 open cases, counted anew: from nothing, and after a day was closed everywhere."""

import time

from django.db import connection, transaction

from caseload.actions.dirty import count_marked
from caseload.models import Deadline, DirtyStudent
from organizations.models import ClosedDay, District, SchoolYear
from security import scope
from tests.bench.generated import use
from tests.bench.measure import Result, report

CASES, GOAL = 100_000, 60.0
YEARS = (2022, 2023, 2024, 2025, 2026, 2027)
BREAKS = ((9, 7), (11, 23), (11, 24), (11, 25), (12, 21), (12, 22), (12, 23), (12, 28), (12, 29), (12, 30))

# Every fifth child is being evaluated; the others have an evaluation, an IEP and special education.
ARRANGE = """
    INSERT INTO organizations_calendar (district_id, school_year_id, name, first_school_day, last_school_day,
        state_exclude, summer_school)
    SELECT d.id, y.id, 'Regular', y.first_day + 40, y.last_day - 40, false, false
    FROM organizations_district d, organizations_schoolyear y;

    INSERT INTO organizations_closedday (calendar_id, day, reason)
    SELECT c.id, make_date(extract(year FROM c.first_school_day)::int, b.month, b.day), 'closed'
    FROM organizations_calendar c, (VALUES {breaks}) b (month, day);

    CREATE TEMP TABLE cases ON COMMIT DROP AS
    SELECT student_id, min(district_id) AS district_id, row_number() OVER (ORDER BY student_id) AS n
    FROM students_studentaccess WHERE is_current GROUP BY student_id ORDER BY student_id LIMIT {cases};

    INSERT INTO evaluations_evaluation (student_id, district_id, kind, referral_date, referral_reason,
        consent_requested_on, consent_date, coordinator_staff_id, extension_code, extended_to,
        determination_date, dissemination_date, outcome, summary, delay_reason, late_reason, locked,
        lock_version, not_enrolled, version, source, continuity, created_at, modified_at)
    SELECT student_id, district_id, 'INIT', day, '', day + 4, day + 9, '',
           CASE WHEN n % 50 = 0 THEN 'PAR' ELSE '' END, CASE WHEN n % 50 = 0 THEN day + 200 END,
           CASE WHEN n % 5 > 0 THEN day + 70 END, CASE WHEN n % 5 > 0 THEN day + 75 END,
           CASE WHEN n % 5 > 0 THEN 'ELIG' ELSE '' END, '', '', '', false, 0, '', 1, 'ESER', false,
           now(), now()
    FROM (SELECT *, date '2026-09-01' + (n % 60)::int - CASE WHEN n % 5 > 0 THEN 800 ELSE 0 END AS day
          FROM cases) c;

    INSERT INTO ieps_iep (student_id, district_id, status, category, kind, meeting_date, grade, lre,
        assessment, esy, version, source, original_author, created_at, modified_at, form, added_sections, why)
    SELECT c.student_id, c.district_id, 'OFFICIAL', 'REG', kind, day + (c.n % 60)::int, '06', '', '', '', 1,
           'ESER', '', now(), now(), 'LA', '{{}}', ''
    FROM cases c, (VALUES ('INI', date '2024-10-10'), ('REV', date '2025-10-01')) i (kind, day)
    WHERE c.n % 5 > 0;

    INSERT INTO enrollment_specialeducationactivity (student_id, district_id, first_day, exit_reason, source,
        continuity)
    SELECT student_id, district_id, date '2024-10-10', '', 'ESER', false FROM cases WHERE n % 5 > 0;
    ANALYZE evaluations_evaluation, ieps_iep, enrollment_specialeducationactivity, caseload_dirtystudent;
"""


def run(students: int) -> int:
    """Measure at a generated state of this many students, and take all back; 0 when the goal is kept."""
    use(students)
    with transaction.atomic():
        scope.enter(scope.EVERYTHING)
        arrange(min(CASES, students))
        first = taken(count_marked)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE caseload_deadline")
        deadlines, read = Deadline.objects.count(), taken(reading)
        close_a_day()
        again = taken(count_marked)
        transaction.set_rollback(True)
    goal = f"≤ {GOAL:g} s"
    results = [
        Result(f"{deadlines:,} deadlines from nothing", read, first, goal, first <= GOAL * 1000),
        Result("the same after a closed day in each district", read, again, goal, again <= GOAL * 1000),
    ]
    report(f"Deadlines, {min(CASES, students):,} open cases", results)
    return 0 if all(result.reached for result in results) else 1


def arrange(cases: int) -> None:
    state = District.objects.order_by("id")[0].state
    for year in YEARS:
        SchoolYear.objects.get_or_create(
            state=state, name=f"{year}-{year % 100 + 1}",
            defaults={"first_day": f"{year}-07-01", "last_day": f"{year + 1}-06-30"},
        )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(ARRANGE.format(cases=cases, breaks=", ".join(map(str, BREAKS))))
    print(f"{DirtyStudent.objects.count():,} children are marked")


def close_a_day() -> None:
    """A storm, in the middle of the evaluations that are open: their days move by one."""
    year = SchoolYear.objects.get(name="2026-27")
    calendars = [pk for district in District.objects.all() for pk in ids_of(district, year)]
    ClosedDay.objects.bulk_create(
        ClosedDay(calendar_id=pk, day="2026-10-14", reason="storm") for pk in calendars
    )
    print(f"{DirtyStudent.objects.count():,} children are marked")


def ids_of(district: District, year: SchoolYear) -> list[int]:
    return list(district.calendars.filter(school_year=year).values_list("pk", flat=True))


def reading() -> None:
    """The reference: every stored deadline read once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM caseload_deadline")
        cursor.fetchall()


def taken(deed) -> float:
    begun = time.perf_counter()
    deed()
    return (time.perf_counter() - begun) * 1000
