"""Program records of official IEPs: their switch, and what makes them out of date."""

from django.db import migrations, models


import edfi.rules.facts
from edfi.watching import watch, watch_more

ENROLLMENT = (
    "student_id district_id site_id responsible_site_id school_year_id calendar_id first_day last_day"
    " no_show state_type service_type state_exclude wise_exclude eval_only school_override_id"
)
IEP = "student_id status meeting_date odr_date"


class Migration(migrations.Migration):

    dependencies = [
        ('edfi', '0004_desk'),
        ('enrollment', '0002_row_security'),
        ('ieps', '0002_row_security'),
    ]

    operations = [
        migrations.AddField(
            model_name='connection',
            name='unmapped_policy',
            field=models.CharField(default=edfi.rules.facts.UnmappedPolicy['HOLD'], max_length=20),
        ),
        migrations.AddField(
            model_name='yearconfiguration',
            name='send_programs',
            field=models.BooleanField(default=False),
        ),
        watch_more("enrollment_enrollment", "student_id", f"{ENROLLMENT} exit_code", ENROLLMENT),
        watch_more(
            "ieps_iep", "student_id", f"{IEP} district_id first_day last_day replaced_from lre total_minutes", IEP
        ),
        watch(
            "ieps_service",
            "student_id",
            "student_id iep_id code recipient first_day last_day minutes sessions per location",
        ),
        watch("enrollment_specialeducationactivity", "student_id", "student_id first_day last_day exit_reason"),
    ]
