"""The history of support access is written by triggers and read by nobody but the system."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("security", "0001_start")]

    operations = [row_security.history("security_supportgrantevent", "false")]
