"""Notices and requests are seen as the child's other records; a delivery by the district that answers today and
by the one that recorded it."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_start"), ("students", "0002_access")]

    operations = [
        row_security.record("notices_notice"),
        row_security.record_history("notices_noticeevent"),
        row_security.record("notices_recordsrequest"),
        row_security.record("notices_servicesconsent"),
        row_security.part_of_a_district("notices_delivery", "notice_id", "notices_notice"),
    ]
