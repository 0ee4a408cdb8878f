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
        row_security.part("ieps_checkout", "iep_id", "ieps_iep"),
        row_security.part("ieps_signature", "iep_id", "ieps_iep"),
        row_security.part("ieps_agreedcopy", "iep_id", "ieps_iep"),
        row_security.part("ieps_correction", "iep_id", "ieps_iep"),
        row_security.part("ieps_attachment", "iep_id", "ieps_iep"),
        row_security.part("ieps_deleterequest", "iep_id", "ieps_iep"),
        row_security.part_history("ieps_deleterequestevent", "iep_id", "ieps_iep"),
        row_security.part("ieps_carried", "iep_id", "ieps_iep"),
        row_security.record("ieps_measurement"),
        row_security.record("ieps_goalreport"),
        row_security.record("ieps_checklistanswer"),
        row_security.record("ieps_outsideiep"),
        row_security.record("ieps_comparableservices"),
        row_security.record_history("ieps_goalreportevent"),
        row_security.record_history("ieps_checklistanswerevent"),
        row_security.record_history("ieps_outsideiepevent"),
        row_security.record_history("ieps_comparableservicesevent"),
        row_security.history("ieps_statementevent", "false"),  # what a bank held is read by the system alone
    ]
