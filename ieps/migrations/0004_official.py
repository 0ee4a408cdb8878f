"""Signatures, the agreed copy, corrections, delete requests and files of an IEP; amendments and what replaces it."""

import django.db.models.deletion
import django.utils.timezone
import pghistory.utils
from django.conf import settings
from django.db import migrations, models

from security import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('documents', '0001_start'),
        ('evaluations', '0002_row_security'),
        ('ieps', '0003_check_out'),
        ('organizations', '0001_start'),
        ('students', '0004_row_security_of_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='AgreedCopy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('content', models.JSONField()),
                ('sha256', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'verbose_name_plural': 'agreed copies',
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('K2TOOL', 'Decision tool of the K-2 alternate assessment'), ('OTHER', 'Another supporting document')], max_length=6)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['added_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=12)),
                ('field', models.CharField(max_length=60)),
                ('label', models.CharField(max_length=255)),
                ('before', models.TextField()),
                ('after', models.TextField()),
                ('reason', models.TextField()),
                ('corrected_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['corrected_at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='DeleteRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('was', models.CharField(choices=[('DRAFT', 'draft'), ('OFFICIAL', 'official'), ('OFFICIAL_INCOMPLETE', 'official, incomplete in the legacy system'), ('AMENDED', 'superseded by an amendment'), ('SUPERSEDED', 'superseded by a newer IEP'), ('DELREQ', 'delete requested'), ('DELETED', 'deleted')], max_length=20)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('granted', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'ordering': ['-asked_at'],
            },
        ),
        migrations.CreateModel(
            name='DeleteRequestEvent',
            fields=[
                ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                ('pgh_label', models.TextField(help_text='The event label.')),
                ('pgh_context', pghistory.utils.JSONField(null=True)),
                ('pgh_context_id', models.UUIDField(null=True)),
                ('id', models.BigIntegerField()),
                ('was', models.CharField(choices=[('DRAFT', 'draft'), ('OFFICIAL', 'official'), ('OFFICIAL_INCOMPLETE', 'official, incomplete in the legacy system'), ('AMENDED', 'superseded by an amendment'), ('SUPERSEDED', 'superseded by a newer IEP'), ('DELREQ', 'delete requested'), ('DELETED', 'deleted')], max_length=20)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('granted', models.BooleanField(null=True)),
                ('answer', models.TextField(blank=True)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Signature',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('purpose', models.CharField(choices=[('TEAM', 'took part'), ('CONSENT', 'answer of the parents'), ('APPROVAL', 'approval')], max_length=8)),
                ('role', models.CharField(max_length=3)),
                ('name', models.CharField(max_length=120)),
                ('answer', models.CharField(blank=True, max_length=3)),
                ('way', models.CharField(choices=[('TYPED', 'typed'), ('DRAWN', 'drawn'), ('PAPER', 'on paper')], max_length=5)),
                ('drawing', models.TextField(blank=True)),
                ('signed_on', models.DateField()),
                ('sha256', models.CharField(max_length=64)),
                ('ip', models.GenericIPAddressField(blank=True, null=True)),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
            options={
                'ordering': ['recorded_at', 'pk'],
            },
        ),
        migrations.AddField(
            model_name='iep',
            name='agreed_on',
            field=models.DateField(blank=True, help_text='the parents agreed in writing to amend without a meeting', null=True),
        ),
        migrations.AddField(
            model_name='iep',
            name='amends',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='amendments', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='iep',
            name='replaced_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaces', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='iep',
            name='replaced_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='iep',
            name='why',
            field=models.TextField(blank=True, help_text='why it is amended'),
        ),
        migrations.AddField(
            model_name='iepevent',
            name='agreed_on',
            field=models.DateField(blank=True, help_text='the parents agreed in writing to amend without a meeting', null=True),
        ),
        migrations.AddField(
            model_name='iepevent',
            name='amends',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='iepevent',
            name='replaced_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='iepevent',
            name='replaced_from',
            field=models.DateField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='iepevent',
            name='why',
            field=models.TextField(blank=True, help_text='why it is amended'),
        ),
        migrations.AddField(
            model_name='service',
            name='iep',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='services', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='service',
            name='location',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='service',
            name='minutes',
            field=models.PositiveIntegerField(blank=True, help_text='a session', null=True),
        ),
        migrations.AddField(
            model_name='service',
            name='per',
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddField(
            model_name='service',
            name='sessions',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='serviceevent',
            name='iep',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='serviceevent',
            name='location',
            field=models.CharField(blank=True, max_length=3),
        ),
        migrations.AddField(
            model_name='serviceevent',
            name='minutes',
            field=models.PositiveIntegerField(blank=True, help_text='a session', null=True),
        ),
        migrations.AddField(
            model_name='serviceevent',
            name='per',
            field=models.CharField(blank=True, max_length=1),
        ),
        migrations.AddField(
            model_name='serviceevent',
            name='sessions',
            field=models.PositiveIntegerField(blank=True, null=True),
        ),
        migrations.AddConstraint(
            model_name='iep',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('replaced_by', None), ('replaced_from', None)), models.Q(('replaced_by__isnull', False), ('replaced_from__isnull', False)), _connector='OR'), name='replaced_by_one_from_a_day'),
        ),
        migrations.AddField(
            model_name='agreedcopy',
            name='iep',
            field=models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='agreed', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='agreedcopy',
            name='made_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachment',
            name='added_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='attachment',
            name='document',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='attachment',
            name='iep',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='correction',
            name='corrected_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='correction',
            name='iep',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='deleterequest',
            name='asked_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deleterequest',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deleterequest',
            name='iep',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='delete_requests', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='deleterequestevent',
            name='asked_by',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deleterequestevent',
            name='decided_by',
            field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='deleterequestevent',
            name='iep',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='deleterequestevent',
            name='pgh_obj',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='history', to='ieps.deleterequest'),
        ),
        migrations.AddField(
            model_name='signature',
            name='iep',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='signatures', to='ieps.iep'),
        ),
        migrations.AddField(
            model_name='signature',
            name='line',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.RESTRICT, related_name='+', to='ieps.line'),
        ),
        migrations.AddField(
            model_name='signature',
            name='paper',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='documents.document'),
        ),
        migrations.AddField(
            model_name='signature',
            name='recorded_by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='deleterequest',
            constraint=models.UniqueConstraint(condition=models.Q(('granted', None)), fields=('iep',), name='one_open_delete_request_of_an_iep'),
        ),
        migrations.AddConstraint(
            model_name='deleterequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('granted', None)), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('granted__isnull', False)), _connector='OR'), name='who_decided_a_delete_request_is_known'),
        ),
        migrations.AddConstraint(
            model_name='deleterequest',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by', None), models.Q(('decided_by', models.F('asked_by')), _negated=True), _connector='OR'), name='nobody_decides_the_own_delete_request'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('paper__isnull', False), ('way', 'PAPER')), models.Q(models.Q(('way', 'PAPER'), _negated=True), ('paper__isnull', True)), _connector='OR'), name='signed_paper_is_kept'),
        ),
        migrations.AddConstraint(
            model_name='signature',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('way', 'DRAWN'), _negated=True), models.Q(('drawing', ''), _negated=True), _connector='OR'), name='a_drawn_signature_has_its_drawing'),
        ),
        row_security.part("ieps_signature", "iep_id", "ieps_iep"),
        row_security.part("ieps_agreedcopy", "iep_id", "ieps_iep"),
        row_security.part("ieps_correction", "iep_id", "ieps_iep"),
        row_security.part("ieps_attachment", "iep_id", "ieps_iep"),
        row_security.part("ieps_deleterequest", "iep_id", "ieps_iep"),
        row_security.part_history("ieps_deleterequestevent", "iep_id", "ieps_iep"),
    ]
