"""The generated state: made once for each size and migration state, and kept for the next run."""

from pathlib import Path

import psycopg
from django.conf import settings
from django.db import connections
from psycopg import sql

from organizations.models import District
from security.actions.assign import assign
from security.models import User
from security.rules.roles import Role
from tests.database import connect_to, template

SCRIPT = (Path(__file__).parent / "state.sql").read_text()


def use(students: int) -> None:
    """Connect both roles to a state of this many students."""
    source = template()
    name = f"eser_bench_{students}_{source.rsplit('_', 1)[-1]}"
    if not _finished(name):
        print(f"Generating a state of {students:,} students …", flush=True)
        _make(name, source, students)
    connect_to(name)


def _finished(name: str) -> bool:
    with _owner("postgres") as db:
        found = db.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
        )
        row = found.fetchone()
    return row is not None and row[0] == "finished"


def _make(name: str, source: str, students: int) -> None:
    database = sql.Identifier(name)
    with _owner("postgres") as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(database))
        db.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(database, sql.Identifier(source)))
    with _owner(name) as db:
        for statement in SCRIPT.replace(":students", str(students)).split(";\n"):
            db.execute(statement)
        for table in (
            "students_student",
            "students_jurisdiction",
            "students_studentaccess",
            "enrollment_enrollment",
        ):
            db.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))
    connect_to(name)
    _people()
    with _owner("postgres") as db:
        db.execute(sql.SQL("COMMENT ON DATABASE {} IS 'finished'").format(database))


def _people() -> None:
    """A data manager of the largest and the smallest district, a state role, and guardian's naive rows."""
    districts = list(District.objects.order_by("id"))
    for username, district in (("large", districts[0]), ("small", districts[-1]), ("state", None)):
        role = Role.DATA_MANAGER if district else Role.SEA_ADMINISTRATOR
        assign(by=None, user=User.objects.create(username=username), role=role, district=district)
    _grant_each_student()


def _grant_each_student() -> None:
    """The naive way: guardian's generic table with one row for each student that a person may see."""
    with connections["owner"].cursor() as cursor:
        cursor.execute(
            "INSERT INTO auth_permission (name, codename, content_type_id)"
            " SELECT 'naive', 'naive_view', id FROM django_content_type"
            " WHERE app_label = 'students' AND model = 'student' RETURNING id, content_type_id"
        )
        permission, content_type = cursor.fetchone()
        for username in ("large", "small"):
            user = User.objects.get(username=username)
            district = user.assignments.get().district_id
            cursor.execute(
                "INSERT INTO guardian_userobjectpermission"
                " (permission_id, content_type_id, user_id, object_pk)"
                " SELECT %s, %s, %s, student_id::text FROM students_studentaccess WHERE district_id = %s",
                [permission, content_type, user.pk, district],
            )
        cursor.execute("ANALYZE guardian_userobjectpermission")


def _owner(database: str) -> psycopg.Connection:
    owner = settings.DATABASES["owner"]
    return psycopg.connect(
        host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=database, autocommit=True
    )
