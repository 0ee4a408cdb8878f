"""The staging area belongs to the application's role; what bears children is seen by its district."""

from django.conf import settings
from django.db import migrations

from security.row_security import MY_DISTRICTS, SCOPE_ALL

BEARS_CHILDREN = ("ser_rollover_finding", "ser_rollover_rejectedrow", "ser_rollover_archivedrecord")


def open_staging(apps, editor) -> None:
    role = editor.quote_name(settings.DATABASES["default"]["USER"])
    editor.execute("CREATE SCHEMA IF NOT EXISTS staging")
    editor.execute(f"GRANT USAGE, CREATE ON SCHEMA staging TO {role}")


def close_staging(apps, editor) -> None:
    editor.execute("DROP SCHEMA IF EXISTS staging CASCADE")


def seen_by_its_district(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        [
            f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
            f"CREATE POLICY scope ON {table} USING ({SCOPE_ALL} OR district_id = ANY {MY_DISTRICTS})",
        ],
        [f"DROP POLICY scope ON {table}", f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY"],
    )


class Migration(migrations.Migration):
    dependencies = [("ser_rollover", "0001_start"), ("security", "0001_start")]

    operations = [
        migrations.RunPython(open_staging, close_staging),
        *(seen_by_its_district(table) for table in BEARS_CHILDREN),
    ]
