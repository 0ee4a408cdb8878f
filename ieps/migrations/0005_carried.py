"""What a draft took over from an earlier IEP; seen with the IEP."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from security import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('ieps', '0004_official'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Carried',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('looked_at', models.DateTimeField(blank=True, null=True)),
                ('iep', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='carried', to='ieps.iep')),
                ('looked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('source', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='ieps.iep')),
                ('text', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='carried', to='ieps.sectiontext')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('looked_at__isnull', True), ('looked_by__isnull', True)), models.Q(('looked_at__isnull', False), ('looked_by__isnull', False)), _connector='OR'), name='who_looked_at_a_carried_text_is_known')],
            },
        ),
        row_security.part("ieps_carried", "iep_id", "ieps_iep"),
    ]
