"""Earlier numbers and merges are seen by the district responsible today, and by whoever ever was."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("students", "0004_merge_and_identifiers"), ("students", "0002_access")]

    operations = [
        row_security.today("students_studentidentifier"),
        row_security.person("students_studentmerge", "kept_id"),
    ]
