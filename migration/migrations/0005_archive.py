"""Archived records are packed by child; requests to open them, and the sample sheet with its sign-off."""

import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
import students.models.student
from django.conf import settings
from django.db import migrations, models

from security import row_security

ARCHIVE = "ser_rollover_archivedstudent"
# Of a wholly archived child its last district; of one with live records the district that answers today.
OPEN_TO = f"""(
    {ARCHIVE}.whole AND {ARCHIVE}.district_id = ANY {row_security.MY_DISTRICTS}
    OR NOT {ARCHIVE}.whole AND EXISTS (
        SELECT 1 FROM students_student s
        JOIN {row_security.ACCESS} a ON a.student_id IN (s.id, s.merged_into_id)
        WHERE s.source = 'LEGACY_SER' AND s.legacy_key = {ARCHIVE}.student_key AND a.is_current))"""


class Migration(migrations.Migration):
    dependencies = [
        ("organizations", "0001_start"),
        ("ser_rollover", "0004_cutover"),
        ("students", "0004_row_security_of_merges"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveField(
            model_name='archivedrecord',
            name='data',
        ),
        migrations.CreateModel(
            name='ArchivedStudent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('student_key', models.CharField(max_length=20, unique=True)),
                ('state_student_id', models.CharField(blank=True, db_index=True, max_length=20)),
                ('last_name', models.CharField(blank=True, max_length=60)),
                ('first_name', models.CharField(blank=True, max_length=60)),
                ('birth_date', models.DateField(null=True)),
                ('sort_name', models.GeneratedField(db_persist=True, expression=students.models.student.Fold(django.db.models.functions.text.Concat(models.F('last_name'), models.Value(' '), models.F('first_name'))), output_field=models.TextField())),
                ('whole', models.BooleanField()),
                ('records', models.PositiveIntegerField()),
                ('pack', models.BinaryField()),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ser_rollover.loadrun')),
            ],
            options={
                'ordering': ['sort_name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ArchiveRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(max_length=300)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('approved', models.BooleanField(null=True)),
                ('answer', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('archive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='requests', to='ser_rollover.archivedstudent')),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='ArchiveVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('what', models.CharField(max_length=60)),
                ('archive', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='ser_rollover.archivedstudent')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('request', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='ser_rollover.archiverequest')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='SampleSheet',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=200)),
                ('sha256', models.CharField(max_length=64)),
                ('students', models.PositiveIntegerField()),
                ('fields', models.PositiveIntegerField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('run', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sample_sheet', to='ser_rollover.loadrun')),
            ],
        ),
        migrations.CreateModel(
            name='SampleSignature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('party', models.CharField(choices=[('sea', 'state education agency'), ('vendor', 'vendor')], max_length=6)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='signatures', to='ser_rollover.samplesheet')),
            ],
            options={
                'ordering': ['at'],
            },
        ),
        migrations.CreateModel(
            name='SampleStudent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('student_key', models.CharField(max_length=20)),
                ('why', models.CharField(max_length=120)),
                ('fields', models.PositiveIntegerField()),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='sampled', to='ser_rollover.samplesheet')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='SampleMismatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=2)),
                ('row', models.PositiveIntegerField()),
                ('field', models.CharField(max_length=30)),
                ('line', models.BigIntegerField(null=True)),
                ('printed', models.TextField(blank=True)),
                ('extracted', models.TextField(blank=True)),
                ('word', models.CharField(blank=True, max_length=300)),
                ('decided_at', models.DateTimeField(null=True)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sheet', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mismatches', to='ser_rollover.samplesheet')),
                ('sampled', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mismatches', to='ser_rollover.samplestudent')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.AddIndex(
            model_name='archivedstudent',
            index=models.Index(fields=['sort_name', 'id'], name='archived_by_name'),
        ),
        migrations.AddConstraint(
            model_name='archiverequest',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='archive_request_not_by_oneself'),
        ),
        migrations.AddConstraint(
            model_name='archiverequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('approved', None), ('decided_at', None), ('decided_by', None), ('ends_at', None)), models.Q(('approved', True), ('decided_at__isnull', False), ('decided_by__isnull', False), ('ends_at__isnull', False)), models.Q(('approved', False), ('decided_at__isnull', False), ('decided_by__isnull', False), ('ends_at', None)), _connector='OR'), name='archive_request_decision_whole'),
        ),
        migrations.AddConstraint(
            model_name='archiverequest',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('archive', 'asked_by'), name='archive_asked_once'),
        ),
        migrations.AddConstraint(
            model_name='samplesignature',
            constraint=models.UniqueConstraint(fields=('sheet', 'party'), name='signed_once_by_each_party'),
        ),
        migrations.AddConstraint(
            model_name='samplesignature',
            constraint=models.UniqueConstraint(fields=('sheet', 'by'), name='signed_by_two_persons'),
        ),
        migrations.AddConstraint(
            model_name='samplestudent',
            constraint=models.UniqueConstraint(fields=('sheet', 'student_key'), name='sampled_once'),
        ),
        migrations.AddConstraint(
            model_name='samplemismatch',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('word', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), models.Q(('word', ''), _negated=True)), _connector='OR'), name='mismatch_decision_whole'),
        ),
        row_security.when(ARCHIVE, OPEN_TO),
        row_security.part("ser_rollover_archiverequest", "archive_id", ARCHIVE),
        row_security.part("ser_rollover_archivevisit", "archive_id", ARCHIVE),
        row_security.when("ser_rollover_samplestudent", "false"),
        row_security.when("ser_rollover_samplemismatch", "false"),
    ]
