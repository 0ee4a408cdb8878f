"""IEPs and services are seen by the responsible district; what is written in an IEP with the IEP."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("ieps", "0001_start"), ("students", "0002_access")]

    operations = [
        row_security.record("ieps_iep"),
        row_security.record_history("ieps_iepevent"),
        row_security.part("ieps_line", "iep_id", "ieps_iep"),
        row_security.part_history("ieps_lineevent", "iep_id", "ieps_iep"),
        row_security.part("ieps_sectiontext", "iep_id", "ieps_iep"),
        row_security.part_history("ieps_sectiontextevent", "iep_id", "ieps_iep"),
        row_security.record("ieps_service"),
        row_security.record_history("ieps_serviceevent"),
    ]
