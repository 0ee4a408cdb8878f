"""Not even the role that owns the tables changes a locked evaluation."""

from datetime import date

import pytest
from django.db import DatabaseError, connections

from tests.factories import EvaluationFactory


def test_the_owner_role_is_bound_by_the_same_trigger(own_database):
    locked = EvaluationFactory(locked=True, outcome="NOTE", determination_date=date(2026, 10, 20))
    with connections["owner"].cursor() as cursor, pytest.raises(DatabaseError, match="Cannot update"):
        cursor.execute("UPDATE evaluations_evaluation SET summary = 'other' WHERE id = %s", [locked.pk])
    connections["owner"].close()
