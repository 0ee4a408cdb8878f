"""Not even the role that owns the tables changes a locked evaluation."""

from datetime import date

import psycopg
import pytest
from django.conf import settings

from tests.factories import EvaluationFactory


def test_the_owner_role_is_bound_by_the_same_trigger(own_database):
    locked = EvaluationFactory(locked=True, outcome="NOTE", determination_date=date(2026, 10, 20))
    owner = settings.DATABASES["owner"]
    with (
        psycopg.connect(
            host=owner["HOST"], port=owner["PORT"], user=owner["USER"], dbname=own_database
        ) as connection,
        pytest.raises(psycopg.Error, match="Cannot update"),
    ):
        connection.execute("UPDATE evaluations_evaluation SET summary = 'other' WHERE id = %s", [locked.pk])
