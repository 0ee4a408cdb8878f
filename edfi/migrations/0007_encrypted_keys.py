"""Keys are stored encrypted, as secrets are."""

from django.db import migrations, models

from edfi.secrets import encrypted

WITH_A_KEY = ("connection", "districtods")


def encrypt(apps, editor) -> None:
    """Over the connection of the migration, which alone holds the tables."""
    for name in WITH_A_KEY:
        for row in apps.get_model("edfi", name).objects.using(editor.connection.alias).all():
            row.key_encrypted = encrypted(row.key)
            row.save(update_fields=["key_encrypted"])


class Migration(migrations.Migration):
    dependencies = [("edfi", "0006_reading")]

    operations = [
        *(migrations.AddField(name, "key_encrypted", models.TextField(blank=True, default="")) for name in WITH_A_KEY),
        migrations.RunPython(encrypt, migrations.RunPython.noop),
        *(migrations.AlterField(name, "key_encrypted", models.TextField(blank=True)) for name in WITH_A_KEY),
        *(migrations.RemoveField(name, "key") for name in WITH_A_KEY),
    ]
