"""What a run tells of its interruptions, and of records that were changed here and in a later extract."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from security import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('organizations', '0001_start'),
        ('ser_rollover', '0006_findings'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='loadrun',
            name='interruptions',
            field=models.PositiveIntegerField(default=0, help_text='after which it went on'),
        ),
        migrations.CreateModel(
            name='KeptRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('record_type', models.CharField(max_length=2)),
                ('key', models.CharField(max_length=120)),
                ('record_id', models.BigIntegerField()),
                ('written_at', models.DateTimeField(null=True)),
                ('district', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='organizations.district')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='kept_rows', to='ser_rollover.loadrun')),
                ('written_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['record_type', 'key'],
                'constraints': [models.UniqueConstraint(fields=('run', 'record_type', 'record_id'), name='kept_once')],
            },
        ),
        row_security.place('ser_rollover_keptrow'),
    ]
