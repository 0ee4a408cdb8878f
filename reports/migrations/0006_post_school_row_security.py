"""An outcome after school is seen as the other records of its youth are."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("reports", "0005_post_school_outcomes"), ("students", "0002_access")]

    operations = [
        row_security.record("reports_postschooloutcome"),
        row_security.record_history("reports_postschooloutcomeevent"),
    ]
