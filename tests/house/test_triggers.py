"""What the models declare in triggers is what the database has, whatever was there before."""

import pgtrigger
import pytest
from django.db import connections
from pgtrigger.core import INSTALLED

from security.actions.publish import install_triggers

LOCK = "pgtrigger_append_only_%"
OURS = "SELECT tgname FROM pg_trigger WHERE tgrelid = 'security_accessrecord'::regclass AND tgname LIKE %s"


def asked(statement: str, *params: object) -> list:
    with connections["owner"].cursor() as cursor:
        cursor.execute(statement, params)
        return cursor.fetchall() if cursor.description else []


def status_of_all() -> set[str]:
    return {
        trigger.get_installation_status(model, database="owner")[0]
        for model, trigger in pgtrigger.registered()
    }


def test_every_declared_trigger_is_there_after_migrating(own_database):
    assert status_of_all() == {INSTALLED}


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TRIGGER {name} ON security_accessrecord",
        "COMMENT ON TRIGGER {name} ON security_accessrecord IS 'old'",
    ],
    ids=["gone", "of an earlier version"],
)
def test_the_next_migrate_mends_a_trigger(own_database, harm):
    [(name,)] = asked(OURS, LOCK)
    asked(harm.format(name=name))
    assert status_of_all() != {INSTALLED}
    install_triggers("owner")
    assert status_of_all() == {INSTALLED}
