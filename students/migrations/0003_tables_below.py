"""Tables of lower floors that carry a student id come under row-level security here, where access is known."""

from django.db import migrations

from security import row_security


def told_of(table: str, condition: str) -> migrations.RunSQL:
    """Written by anybody, read when it is about no child or about one in scope."""
    return row_security.history(table, f"(student_id IS NULL OR {condition})")


class Migration(migrations.Migration):
    dependencies = [
        ("students", "0002_access"),
        ("journal", "0001_start"),
        ("documents", "0001_start"),
        ("security", "0001_start"),
    ]

    operations = [
        told_of("journal_entry", row_security.record_condition("journal_entry")),
        told_of("security_accessrecord", row_security.person_condition("security_accessrecord", "student_id")),
        told_of("documents_document", row_security.record_condition("documents_document")),
    ]
