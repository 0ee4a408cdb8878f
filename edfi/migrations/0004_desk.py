import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from security import row_security


class Migration(migrations.Migration):

    dependencies = [
        ('edfi', '0003_resync'),
        ('organizations', '0001_start'),
        ('students', '0004_row_security_of_merges'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='TroubleNote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('text', models.CharField(max_length=1000)),
            ],
            options={
                'ordering': ['at', 'pk'],
            },
        ),
        migrations.RemoveConstraint(
            model_name='trouble',
            name='one_open_trouble_per_cause',
        ),
        migrations.AddField(
            model_name='trouble',
            name='about',
            field=models.CharField(blank=True, max_length=400),
        ),
        migrations.AddField(
            model_name='trouble',
            name='assigned_to',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='trouble',
            name='held',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AddConstraint(
            model_name='trouble',
            constraint=models.UniqueConstraint(condition=models.Q(('resolved_at', None)), fields=('connection', 'student', 'evaluation_id', 'resource', 'code', 'about'), name='one_open_trouble_per_cause'),
        ),
        migrations.AddField(
            model_name='troublenote',
            name='by',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='troublenote',
            name='trouble',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='edfi.trouble'),
        ),
        row_security.part("edfi_troublenote", "trouble_id", "edfi_trouble"),
    ]
