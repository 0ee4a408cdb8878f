"""Who wants a section alone; seen with the IEP."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from security import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('ieps', '0002_row_security'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CheckOut',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('section', models.CharField(max_length=12)),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('ended_at', models.DateTimeField(blank=True, null=True)),
                ('end', models.CharField(blank=True, choices=[('GIVEN_BACK', 'given back'), ('EXPIRED', 'its time was over'), ('BROKEN', 'taken away')], max_length=10)),
                ('reason', models.CharField(blank=True, max_length=500)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('iep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='check_outs', to='ieps.iep')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('iep', 'section'), name='one_open_check_out_per_section'), models.CheckConstraint(condition=models.Q(models.Q(('end', ''), ('ended_at', None)), models.Q(('ended_at__gte', models.F('taken_at')), models.Q(('end', ''), _negated=True)), _connector='OR'), name='check_out_ended_somehow'), models.CheckConstraint(condition=models.Q(models.Q(('end', 'BROKEN'), _negated=True), models.Q(('ended_by__isnull', False), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='check_out_broken_with_a_reason')],
            },
        ),
        row_security.part("ieps_checkout", "iep_id", "ieps_iep"),
    ]
