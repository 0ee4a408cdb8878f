"""Deadlines are seen as the records are that they are counted from."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("caseload", "0001_start"), ("students", "0002_access")]

    operations = [
        row_security.record("caseload_deadline"),
        row_security.record_history("caseload_deadlineevent"),
    ]
