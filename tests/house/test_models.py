"""What is true of every model: keys point down, fields are safe or secret, children are guarded."""

import pytest
from django.apps import apps
from django.db import connection, models

from tests.house.floors import floor_of

OURS = [model for model in apps.get_models() if floor_of(model._meta.app_config.name) is not None]
KEPT = [model for model in OURS if not hasattr(model, "pgh_tracked_model")]
HISTORIES = [model for model in OURS if hasattr(model, "pgh_tracked_model")]
# Read by everybody who may run them; they hold ids and counts of a child, never its record.
NOT_GUARDED = {"edfi_dirtystudent", "caseload_dirtystudent"}


def label(model: type[models.Model]) -> str:
    return model._meta.label


def bears_students(model: type[models.Model]) -> bool:
    names = {field.column for field in model._meta.concrete_fields}
    return "student_id" in names or model._meta.db_table == "students_student"


@pytest.mark.parametrize("model", OURS, ids=label)
def test_foreign_keys_point_down(model):
    here = floor_of(model._meta.app_config.name)
    upward = [
        field.name
        for field in model._meta.concrete_fields
        if field.related_model and (floor_of(field.related_model._meta.app_config.name) or 0) > here
    ]
    assert upward == []


@pytest.mark.parametrize("model", KEPT, ids=label)
def test_every_field_is_declared_safe_or_secret(model):
    declared = set(model.Privacy.safe.split()) | set(model.Privacy.secret.split())
    own = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    assert declared == own
    assert not set(model.Privacy.safe.split()) & set(model.Privacy.secret.split())


@pytest.mark.django_db
@pytest.mark.parametrize("model", [m for m in OURS if bears_students(m)], ids=label)
def test_row_level_security_guards_every_table_that_bears_students(model):
    if model._meta.db_table in NOT_GUARDED:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT relrowsecurity FROM pg_class WHERE relname = %s", [model._meta.db_table])
        assert cursor.fetchone() == (True,)


@pytest.mark.django_db
@pytest.mark.parametrize("model", HISTORIES, ids=label)
def test_history_is_append_only_and_that_of_children_guarded(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, (SELECT count(*) FROM pg_trigger t WHERE t.tgrelid = c.oid"
            " AND tgname LIKE '%%append_only%%') FROM pg_class c WHERE relname = %s",
            [model._meta.db_table],
        )
        guarded, protected = cursor.fetchone()
    assert protected == 1
    assert guarded or floor_of(model._meta.app_config.name) <= floor_of("security")
