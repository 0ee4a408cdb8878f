"""What every request asks, written out: building such a query costs many times its answer.

The database plans each of these statements once for a connection, not once for each request.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db import connection, models
from psycopg import Cursor

Parts = Sequence[tuple[str, type[models.Model]]]


def rows(statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Seen by whatever counts or times queries, as any other. Lists become arrays: name their type."""
    connection.ensure_connection()
    seen = connection.make_debug_cursor if connection.queries_logged else connection.make_cursor
    with seen(Cursor(connection.connection)) as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def columns(parts: Parts) -> str:
    """The columns of several models, each under the alias that the statement gives its table."""
    return ", ".join(f"{alias}.{name}" for alias, model in parts for name in _names(model))


def set_local(name: str) -> str:
    """Sets a setting of that name for the rest of the transaction, from the parameter of that name."""
    return f"set_config('{name}', %({name})s, true)"


def objects(parts: Parts, row: tuple[Any, ...]) -> Iterator[Any]:
    """The objects that `columns` was asked for, in their order; None where the join found nothing."""
    begins = 0
    for _, model in parts:
        names = _names(model)
        part, begins = row[begins : begins + len(names)], begins + len(names)
        yield model.from_db(connection.alias, names, part) if part[0] is not None else None


def _names(model: type[models.Model]) -> list[str]:
    return [field.attname for field in model._meta.concrete_fields]
