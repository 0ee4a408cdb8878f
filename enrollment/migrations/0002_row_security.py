"""Enrollments and activities are seen by the responsible district."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0001_start"), ("students", "0002_access")]

    operations = [
        row_security.record("enrollment_enrollment"),
        row_security.record_history("enrollment_enrollmentevent"),
        row_security.record("enrollment_specialeducationactivity"),
        row_security.record_history("enrollment_specialeducationactivityevent"),
    ]
