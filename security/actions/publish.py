"""After each migration: triggers are as declared, permissions exist, the application may use its tables."""

import pgtrigger
from django.contrib.auth.models import Permission as PermissionRow
from django.contrib.contenttypes.models import ContentType
from django.db import connections
from pgtrigger.core import INSTALLED

from organizations.models import District, Site
from security.rules.roles import Permission


def install_triggers(using: str) -> None:
    """What the models declare (locks, append-only, history) is what the database has: no more, no less."""
    for model, trigger in pgtrigger.registered():
        status, _enabled = trigger.get_installation_status(model, database=using)
        if status != INSTALLED:
            trigger.install(model, database=using)
    pgtrigger.prune(database=using)


def publish_permissions(using: str) -> None:
    """One permission row per place model and member of `Permission`."""
    for model in (District, Site):
        content_type = ContentType.objects.db_manager(using).get_for_model(model)
        for permission in Permission:
            PermissionRow.objects.using(using).get_or_create(
                content_type=content_type,
                codename=permission.value,
                defaults={"name": permission.value.replace("_", " ")},
            )


def let_the_application_in(using: str, role: str) -> None:
    """The application's role reads and writes rows, under the row-level policies; it owns nothing."""
    with connections[using].cursor() as cursor:
        for statement in (
            'GRANT USAGE ON SCHEMA public TO "{role}"',
            'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO "{role}"',
            'GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO "{role}"',
            'GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO "{role}"',
        ):
            cursor.execute(statement.format(role=role.replace('"', "")))
