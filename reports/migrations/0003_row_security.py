"""A snapshot is its district's; a frozen child is seen as its records of that district are."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_snapshots"), ("students", "0002_access")]

    operations = [
        row_security.place("reports_snapshot"),
        row_security.part("reports_comment", "snapshot_id", "reports_snapshot"),
        row_security.record("reports_snapshotchild"),
        row_security.record("reports_takeover"),
    ]
