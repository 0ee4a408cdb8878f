"""Papers, duties and findings are seen as the child's other records; files and mappings by their district."""

from django.db import migrations

from security import row_security

OF_A_CHILD = ("duty", "contactattempt", "exitpaper", "exitnotice", "supportrequest", "seathold", "finding")
OF_A_PLACE = ("feedfolder", "feedload", "feedrow", "feedchange", "localcode")


class Migration(migrations.Migration):
    dependencies = [("enrollment", "0002_row_security"), ("students", "0004_row_security_of_merges")]

    operations = [
        *(row_security.record(f"enrollment_{table}") for table in OF_A_CHILD),
        *(row_security.place(f"enrollment_{table}") for table in OF_A_PLACE),
        row_security.part("enrollment_supportanswer", "request_id", "enrollment_supportrequest"),
        row_security.history(
            "enrollment_localcodeevent", row_security.place_condition("enrollment_localcodeevent")
        ),
    ]
