"""Goals, services, attachments and users of the legacy system; parts of a load, and what a later extract lacks."""

import django.db.models.deletion
from django.db import migrations, models

from security import row_security

class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_start'),
        ('organizations', '0001_start'),
        ('ser_rollover', '0002_staging_and_scope'),
        ('students', '0004_row_security_of_merges'),
    ]

    operations = [
        migrations.RemoveField(
            model_name='recordcount',
            name='waiting',
        ),
        migrations.AddField(
            model_name='loadrun',
            name='archived_students',
            field=models.PositiveIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='loadrun',
            name='continuity',
            field=models.PositiveIntegerField(default=0, help_text='rows older than the cut, still in force'),
        ),
        migrations.AddField(
            model_name='loadrun',
            name='drafts',
            field=models.PositiveIntegerField(default=0, help_text='that arrive as drafts'),
        ),
        migrations.AddField(
            model_name='loadrun',
            name='dry_run',
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name='loadrun',
            name='state',
            field=models.CharField(choices=[('WAITING', 'waiting'), ('RUNNING', 'running'), ('REFUSED', 'file refused'), ('FAILED', 'stopped by an error'), ('BLOCKED', 'loaded, does not reconcile'), ('CHECKED', 'checked, nothing loaded'), ('DONE', 'reconciled')], default='WAITING', max_length=10),
        ),
        migrations.CreateModel(
            name='LegacyAttachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file_name', models.CharField(max_length=80)),
                ('description', models.CharField(blank=True, max_length=60)),
                ('uploaded_on', models.DateField()),
                ('sha256', models.CharField(help_text='as the index of the legacy system has it', max_length=64)),
                ('problem', models.CharField(blank=True, max_length=80)),
                ('legacy_key', models.CharField(max_length=120, unique=True)),
                ('load_run_id', models.BigIntegerField()),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('document', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='legacy_attachments', to='students.student')),
            ],
            options={
                'ordering': ['-uploaded_on', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='LegacyUser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('legacy_key', models.CharField(max_length=60)),
                ('last_name', models.CharField(max_length=20)),
                ('first_name', models.CharField(max_length=15)),
                ('sponsor_code', models.CharField(max_length=3)),
                ('site_code', models.CharField(blank=True, max_length=6)),
                ('role', models.CharField(help_text="the legacy system's word for what they might do", max_length=12)),
                ('staff_id', models.CharField(blank=True, max_length=10)),
                ('last_login', models.DateField(null=True)),
                ('is_active', models.BooleanField()),
                ('unlinked', models.BooleanField()),
                ('load_run_id', models.BigIntegerField()),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('of_state', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.state')),
            ],
            options={
                'ordering': ['sponsor_code', 'last_name', 'first_name', 'legacy_key'],
                'constraints': [models.UniqueConstraint(fields=('of_state', 'legacy_key'), name='legacy_user_once')],
            },
        ),
        migrations.CreateModel(
            name='LoadChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('loaded_at', models.DateTimeField(null=True)),
                ('worker', models.CharField(blank=True, max_length=80)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='ser_rollover.loadrun')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('run', 'number'), name='one_chunk_per_number')],
            },
        ),
        migrations.CreateModel(
            name='VanishedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=2)),
                ('key', models.CharField(max_length=120)),
                ('record_id', models.BigIntegerField()),
                ('why', models.CharField(choices=[('GONE', 'not in the later extract'), ('REJECTED', 'rejected in the later extract'), ('ARCHIVED', 'old in the later extract, and in the archive too')], max_length=8)),
                ('written_in', models.BigIntegerField(help_text='the run that wrote it last', null=True)),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='vanished_rows', to='ser_rollover.loadrun')),
            ],
            options={
                'ordering': ['record_type', 'key'],
                'constraints': [models.UniqueConstraint(fields=('run', 'record_type', 'record_id'), name='vanished_once')],
            },
        ),
        row_security.record('ser_rollover_legacyattachment'),
        row_security.place('ser_rollover_vanishedrow'),
    ]
