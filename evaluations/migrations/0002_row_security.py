"""Evaluations are seen by the responsible district; what belongs to one, with it; a copy of its report by who
answers today and by who gave it."""

from django.db import migrations

from security import row_security


class Migration(migrations.Migration):
    dependencies = [("evaluations", "0001_start"), ("students", "0002_access")]

    operations = [
        row_security.record("evaluations_evaluation"),
        row_security.record_history("evaluations_evaluationevent"),
        row_security.record("evaluations_lockedreport"),
        row_security.part("evaluations_extension", "evaluation_id", "evaluations_evaluation"),
        row_security.part_of_a_district("evaluations_reportcopy", "evaluation_id", "evaluations_evaluation"),
        row_security.part("evaluations_exceptionality", "evaluation_id", "evaluations_evaluation"),
        row_security.part_history("evaluations_exceptionalityevent", "evaluation_id", "evaluations_evaluation"),
        row_security.part("evaluations_component", "evaluation_id", "evaluations_evaluation"),
        row_security.part_history("evaluations_componentevent", "evaluation_id", "evaluations_evaluation"),
        row_security.part("evaluations_reporttext", "evaluation_id", "evaluations_evaluation"),
        row_security.part_history("evaluations_reporttextevent", "evaluation_id", "evaluations_evaluation"),
        row_security.part("evaluations_teammember", "evaluation_id", "evaluations_evaluation"),
        row_security.part_history("evaluations_teammemberevent", "evaluation_id", "evaluations_evaluation"),
        row_security.part("evaluations_waiver", "evaluation_id", "evaluations_evaluation"),
        row_security.part_history("evaluations_waiverevent", "evaluation_id", "evaluations_evaluation"),
    ]
