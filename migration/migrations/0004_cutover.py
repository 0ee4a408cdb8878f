"""The calendar of a rollover and its acceptance; who passes as the loader, and that nothing loads after go-live."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

# A setting alone does not make a loader: a run has to be under way too.
LOADER = """
CREATE OR REPLACE FUNCTION security_loader_passes() RETURNS boolean LANGUAGE sql STABLE AS
$$ SELECT EXISTS (SELECT FROM ser_rollover_loadrun WHERE state IN ('WAITING', 'RUNNING')) $$;

CREATE FUNCTION ser_rollover_legacy_stays_off() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM ser_rollover_rollovercalendar
        WHERE of_state_id = NEW.of_state_id AND went_live_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'Nothing is loaded from the legacy system after the go-live';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER legacy_stays_off BEFORE INSERT OR UPDATE OF state ON ser_rollover_loadrun
FOR EACH ROW WHEN (NEW.state IN ('WAITING', 'RUNNING')) EXECUTE FUNCTION ser_rollover_legacy_stays_off();
"""
BACK = """
DROP TRIGGER legacy_stays_off ON ser_rollover_loadrun;
DROP FUNCTION ser_rollover_legacy_stays_off();
CREATE OR REPLACE FUNCTION security_loader_passes() RETURNS boolean LANGUAGE sql STABLE AS 'SELECT false';
"""

class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0001_start'),
        ('security', '0003_view_only'),
        ('ser_rollover', '0003_records'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('sea', 'state education agency'), ('vendor', 'vendor')], max_length=6)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='acceptances', to='ser_rollover.loadrun')),
            ],
            options={
                'ordering': ['at'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('run', 'party'), name='accepted_once_by_each_party'), models.UniqueConstraint(condition=models.Q(('withdrawn_at', None)), fields=('run', 'by'), name='accepted_by_two_persons'), models.CheckConstraint(condition=models.Q(('party__in', ['sea', 'vendor'])), name='accepted_by_a_party')],
            },
        ),
        migrations.CreateModel(
            name='RolloverCalendar',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('freeze_at', models.DateTimeField()),
                ('transfer_at', models.DateTimeField()),
                ('checks_at', models.DateTimeField()),
                ('acceptance_at', models.DateTimeField(null=True)),
                ('go_live_at', models.DateTimeField()),
                ('went_live_at', models.DateTimeField(null=True)),
                ('writes_until', models.TextField(blank=True, help_text='the transactions that were over at the go-live')),
                ('live_run', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ser_rollover.loadrun')),
                ('of_state', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.state')),
                ('planned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('view_only', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='security.viewonly')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('freeze_at__lte', models.F('transfer_at')), ('transfer_at__lte', models.F('checks_at')), ('checks_at__lt', models.F('go_live_at')), models.Q(('acceptance_at', None), ('acceptance_at__range', (models.F('checks_at'), models.F('go_live_at'))), _connector='OR')), name='phases_follow_each_other'), models.CheckConstraint(condition=models.Q(models.Q(('live_run', None), ('went_live_at', None), ('writes_until', '')), models.Q(('live_run__isnull', False), ('went_live_at__gte', models.F('go_live_at')), models.Q(('writes_until', ''), _negated=True)), _connector='OR'), name='live_with_a_run_and_not_before_its_instant')],
            },
        ),
        migrations.RunSQL(LOADER, BACK),
    ]
