"""FS002 of a whole state at all levels from frozen children, and freezing the largest district."""

import tempfile
import time
from datetime import date

from django.db import connection

from enrollment.models import SpecialEducationActivity
from organizations.models import District
from reports.federal.files import identifier, write
from reports.federal.freeze import freeze
from reports.models import Snapshot
from reports.rules.federal.records import FileOf, Form
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import state_id
from security import scope
from security.models import User
from tests.bench.generated import owner_of, use
from tests.bench.measure import Result, report

TITLE = "Federal files"
GOAL = 60.0  # seconds for all three levels
DAY, LAST_YEAR = date(2026, 10, 1), date(2025, 10, 1)
LEVELS = (Level.STATE, Level.DISTRICT, Level.SCHOOL)
# Every child of the state is counted, with codes spread so that hardly two stand in one cell of a school.
FROZEN = """
    INSERT INTO reports_snapshotchild (snapshot_id, student_id, district_id, site_id, file, counted, reasons,
        age, race, sex, disability, environment, english_learner, basis, grade, school_exit)
    SELECT s.id, a.student_id, a.district_id,
        (SELECT min(id) FROM organizations_site) - 1 + (a.student_id %% 20 + 1) * 70
            + (a.district_id - (SELECT min(id) FROM organizations_district))::integer,
        'FS002', true, '{}', (6 + abs(hashint8(a.student_id)) %% 16)::text,
        (ARRAY['AM7','AS7','BL7','HI7','MU7','PI7','WH7'])[1 + abs(hashint8(a.student_id * 3)) %% 7],
        (ARRAY['F','M'])[1 + a.student_id %% 2],
        (ARRAY['AUT','DB','EMN','HI','ID','MD','OHI','OI','SLD','SLI','TBI','VI'])
            [1 + abs(hashint8(a.student_id * 7)) %% 12],
        (ARRAY['RC80','RC79TO40','RC39','SS','RF','HH','CF','PPPS'])
            [1 + abs(hashint8(a.student_id * 11)) %% 8],
        (ARRAY['LEP','NLEP'])[1 + abs(hashint8(a.student_id * 13)) %% 2], '', '06', ''
    FROM students_studentaccess a JOIN reports_snapshot s ON s.district_id = a.district_id
    WHERE a.is_current AND s.day = %s"""
# What a freeze reads: special education, a locked evaluation and an official IEP of each child of a district.
RECORDS = (
    (
        "enrollment_specialeducationactivity",
        """INSERT INTO enrollment_specialeducationactivity (student_id, district_id, first_day, exit_reason,
        source, continuity) SELECT student_id, district_id, date '2024-08-12', '', 'ESER', false
        FROM students_studentaccess WHERE district_id = %s AND is_current""",
    ),
    (
        "evaluations_evaluation",
        """INSERT INTO evaluations_evaluation (student_id, district_id, kind, not_enrolled,
        referral_reason,
        coordinator_staff_id, extension_code, outcome, summary, delay_reason, late_reason, locked,
        lock_version, version, source, continuity, consent_date, determination_date, created_at, modified_at)
        SELECT student_id, district_id, 'INIT', '', '', '', '', 'ELIG', '', '', '', true, 1, 1, 'ESER',
        false, date '2025-01-10', date '2025-03-03', now(), now()
        FROM students_studentaccess WHERE district_id = %s AND is_current""",
    ),
    (
        "evaluations_exceptionality",
        """INSERT INTO evaluations_exceptionality (evaluation_id, rank, code, original_code, detail)
        SELECT id, 1, 'SLD', '', '' FROM evaluations_evaluation WHERE district_id = %s""",
    ),
    (
        "ieps_iep",
        """INSERT INTO ieps_iep (student_id, district_id, status, form, category, kind, meeting_date,
        first_day,
        last_day, grade, lre, regular_minutes, total_minutes, assessment, esy, why, added_sections, version,
        source, original_author, created_at, modified_at)
        SELECT student_id, district_id, 'OFFICIAL', 'LA', 'REG', 'REV', date '2026-08-24', date '2026-08-24',
        date '2027-08-23', '', 'RC80', 1500, 1800, '', '', '', '{}', 1, 'ESER', '', now(), now()
        FROM students_studentaccess WHERE district_id = %s AND is_current""",
    ),
)  # fmt: skip


def run(students: int) -> int:
    """Measure at a generated state of this many students; 0 when every goal is kept."""
    use(students)
    by = User.objects.get(username="large")
    with scope.system():
        snapshots = frozen_state(by)
        results = [files_of(snapshots, form) for form in (Form.CSV, Form.FIXED)]
    results.append(freezing(by))
    report(f"{TITLE}, {students:,} students", results)
    return 0 if all(result.reached for result in results) else 1


def frozen_state(by: User) -> list[Snapshot]:
    """A count of each district with all its children, made once and kept with the state."""
    rows = Snapshot.objects.filter(day=LAST_YEAR)
    if not rows.exists():
        Snapshot.objects.bulk_create(
            Snapshot(district=district, day=LAST_YEAR, count_date=LAST_YEAR, frozen_by=by, enrolled=0)
            for district in District.objects.all()
        )
        with connection.cursor() as cursor:
            cursor.execute(FROZEN, [LAST_YEAR])
    return list(rows.select_related("district__state").order_by("district_id"))


def files_of(snapshots: list[Snapshot], form: Form) -> Result:
    """FS002 of the state, of each district and of each school; the reference only counts its cells in SQL."""
    begun, written, records = time.perf_counter(), 0, 0
    for level in LEVELS:
        file = FileOf("FS002", level, state_id("LA"), LAST_YEAR, form)
        with tempfile.TemporaryFile() as target:
            records += write(target, snapshots, file, identifier(file, LAST_YEAR))
            written += target.tell()
    took = time.perf_counter() - begun
    words = f"FS002 as {form.upper()}, {records:,} records, {written >> 20:,} MB"
    return Result(words, plainly(snapshots), took * 1000, f"≤ {GOAL:g} s", took <= GOAL)


def plainly(snapshots: list[Snapshot]) -> float:
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM (SELECT site_id, disability, race, sex, age, environment, english_learner"
            " FROM reports_snapshotchild WHERE snapshot_id = ANY (%s) GROUP BY 1, 2, 3, 4, 5, 6, 7) cells",
            [[row.pk for row in snapshots]],
        )
    return (time.perf_counter() - begun) * 1000


def freezing(by: User) -> Result:
    """The largest district, every child in special education; the reference is a plain copy of the rows."""
    district = District.objects.order_by("id")[0]
    with scope.system():
        filled = SpecialEducationActivity.objects.exists()
    if not filled:
        fill(district)
    with scope.of(by):
        begun = time.perf_counter()
        snapshot = freeze(by=by, district=district, day=DAY)
        took = time.perf_counter() - begun
        n = snapshot.children.count()
        begun = time.perf_counter()
        copied(snapshot)
        plain = time.perf_counter() - begun
    return Result(f"freezing {n:,} children of a district", plain * 1000, took * 1000, "shown", True)


def fill(district: District) -> None:
    """Made once and kept with the state: by the owner, past the triggers, as the state itself."""
    with owner_of(connection.settings_dict["NAME"]) as db:
        for table, statement in RECORDS:
            db.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
            db.execute(statement, [district.pk])
            db.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            db.execute(f"ANALYZE {table}")


def copied(snapshot: Snapshot) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE copied ON COMMIT DROP AS SELECT * FROM reports_snapshotchild"
                       " WHERE snapshot_id = %s", [snapshot.pk])  # fmt: skip
