import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models



class Migration(migrations.Migration):

    dependencies = [
        ("reports", "0001_figures"),
        ('organizations', '0001_start'),
        ('students', '0004_row_security_of_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('COUNT', 'child count'), ('EXITS', 'exits of a year')], default='COUNT', max_length=5)),
                ('day', models.DateField()),
                ('count_date', models.DateField()),
                ('state', models.CharField(choices=[('FROZEN', 'frozen'), ('CERTIFIED', 'certified'), ('REOPENED', 'reopened'), ('REPLACED', 'replaced by a later one')], default='FROZEN', max_length=9)),
                ('frozen_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('certified_at', models.DateTimeField(null=True)),
                ('reopened_at', models.DateTimeField(null=True)),
                ('reopened_for', models.CharField(blank=True, max_length=300)),
                ('enrolled', models.PositiveIntegerField(default=0, help_text='children of the district on the day')),
                ('certified_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='snapshots', to='organizations.district')),
                ('frozen_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('reopened_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-day', 'district__name', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='Comment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=5)),
                ('set', models.CharField(max_length=3)),
                ('codes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=12), default=list, size=None)),
                ('words', models.CharField(max_length=200)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='comments', to='reports.snapshot')),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='SnapshotChild',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('file', models.CharField(max_length=5)),
                ('counted', models.BooleanField()),
                ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=24), default=list, size=None)),
                ('age', models.CharField(max_length=9)),
                ('race', models.CharField(blank=True, max_length=7)),
                ('sex', models.CharField(blank=True, max_length=7)),
                ('disability', models.CharField(blank=True, max_length=7)),
                ('environment', models.CharField(blank=True, max_length=12)),
                ('english_learner', models.CharField(max_length=7)),
                ('basis', models.CharField(blank=True, max_length=10)),
                ('grade', models.CharField(blank=True, max_length=4)),
                ('iep_until', models.DateField(null=True)),
                ('evaluated_on', models.DateField(null=True)),
                ('percent', models.IntegerField(null=True)),
                ('exit_day', models.DateField(null=True)),
                ('left_at', models.PositiveSmallIntegerField(null=True)),
                ('school_exit', models.CharField(blank=True, max_length=20)),
                ('district', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('site', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.site')),
                ('snapshot', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='children', to='reports.snapshot')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='snapshot_rows', to='students.student')),
            ],
            options={
                'ordering': ['pk'],
            },
        ),
        migrations.CreateModel(
            name='Takeover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('before', models.JSONField(default=dict)),
                ('after', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('district', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('snapshot', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='takeovers', to='reports.snapshot')),
                ('student', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='students.student')),
            ],
            options={
                'ordering': ['-at', '-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'REPLACED'), _negated=True), fields=('district', 'kind', 'day'), name='one_standing_snapshot_of_a_day'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'CERTIFIED'), _negated=True), models.Q(('certified_at__isnull', False), ('certified_by__isnull', False)), _connector='OR'), name='who_certified_a_count_is_known'),
        ),
        migrations.AddConstraint(
            model_name='snapshot',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'REOPENED'), _negated=True), models.Q(('reopened_for', ''), _negated=True), _connector='OR'), name='a_count_is_reopened_for_a_reason'),
        ),
        migrations.AddIndex(
            model_name='snapshotchild',
            index=models.Index(fields=['snapshot', 'file', 'site'], name='snapshot_children_by_school'),
        ),
        migrations.AddConstraint(
            model_name='snapshotchild',
            constraint=models.UniqueConstraint(fields=('snapshot', 'student'), name='one_row_of_a_child_in_a_snapshot'),
        ),
        migrations.AddConstraint(
            model_name='snapshotchild',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('counted', True), ('reasons', [])), models.Q(('counted', False), models.Q(('reasons', []), _negated=True)), _connector='OR'), name='counted_or_with_a_reason'),
        ),
    ]
