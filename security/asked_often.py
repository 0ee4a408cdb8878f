"""What every request asks, written out: building such a query costs many times its answer.

The database plans each of these statements once for a connection, not once for each request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, models
from psycopg import Cursor

Parts = Sequence[tuple[str, type[models.Model]]]


def rows(statement: str, parameters: Mapping[str, object]) -> list[tuple[Any, ...]]:
    """Lists become arrays: name their type."""
    with _cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def write(statement: str, parameters: Mapping[str, object]) -> None:
    with _cursor() as cursor:
        cursor.execute(statement, parameters)


def _cursor() -> Any:
    """Seen by whatever counts or times queries, as any other."""
    db = connections[DEFAULT_DB_ALIAS]
    db.ensure_connection()
    seen = db.make_debug_cursor if db.queries_logged else db.make_cursor
    return seen(Cursor(db.connection))


def columns(parts: Parts) -> str:
    """The columns of several models, each under the alias that the statement gives its table."""
    return ", ".join(f"{alias}.{name}" for alias, model in parts for name in _names(model))


def array(numbers: Iterable[int]) -> str:
    """As PostgreSQL writes an array: the driver would look at each number to find out what they are."""
    return "{" + ",".join(map(str, numbers)) + "}"


def set_local(name: str) -> str:
    """Sets a setting of that name for the rest of the transaction, from the parameter of that name."""
    return f"set_config('{name}', %({name})s, true)"


def objects(parts: Parts, row: tuple[Any, ...]) -> Iterator[Any]:
    """The objects that `columns` was asked for, in their order; None where the join found nothing."""
    begins = 0
    for _, model in parts:
        names = _names(model)
        part, begins = row[begins : begins + len(names)], begins + len(names)
        yield model.from_db(DEFAULT_DB_ALIAS, names, part) if part[0] is not None else None


@cache
def _names(model: type[models.Model]) -> tuple[str, ...]:
    return tuple(field.attname for field in model._meta.concrete_fields)
