"""What the tests of a feed ask of the children and of a load, and how a load is taken back."""

from django.db import connection

from enrollment.actions.feed_undo import start_undoing, undo_feed
from enrollment.models import Enrollment
from security import scope
from students.models import Student

LEAVES = {"exit_code": "1943", "exit_date": "2026-09-04"}
TRACKED = (
    "students_student", "students_jurisdiction", "enrollment_enrollment", "students_studentaccess",
    "enrollment_specialeducationactivity", "enrollment_duty", "enrollment_finding",
    "enrollment_supportrequest",
)  # fmt: skip
ASIDE = ("version", "modified_at")


def counts_of(load):
    return {what: n for what, n in load.counts.items() if n}


def one_enrollment():
    with scope.system():
        return Enrollment.objects.select_related("student", "site").get()


def one_child(number):
    with scope.system():
        return Student.objects.get(state_student_id=number)


def all_rows():
    """Everything known about children, without what counts how often a row was written."""
    found = {}
    with scope.system(), connection.cursor() as cursor:
        for table in TRACKED:
            cursor.execute(f"SELECT to_jsonb(t) - %s::text[] FROM {table} t", [list(ASIDE)])
            found[table] = sorted(str(row) for (row,) in cursor.fetchall())
    return found


def undone(dc, load):
    with scope.of(dc.registrar):
        start_undoing(by=dc.registrar, load=load)
    found = undo_feed(load)
    with connection.cursor() as cursor:  # who writes ends with the transaction of the job
        cursor.execute("SELECT set_config('pghistory.context_metadata', '{}', true)")
    return found
