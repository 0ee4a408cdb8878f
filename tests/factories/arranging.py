"""Rows are written by the system itself, beyond any user's scope."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection
from factory.django import DjangoModelFactory

from security import scope

_arranging = ContextVar("_arranging", default=False)


@contextmanager
def by_the_system() -> Iterator[None]:
    """As `scope.elevated`, once for a row with all that it needs; in a test's transaction no savepoint."""
    if _arranging.get():
        yield
        return
    mark = _arranging.set(True)
    try:
        with lifted() if connection.in_atomic_block else scope.elevated():
            yield
    finally:
        _arranging.reset(mark)


@contextmanager
def lifted() -> Iterator[None]:
    before = scope.current()
    scope.enter(scope.EVERYTHING)
    yield
    scope.enter(before)


class Arranged(DjangoModelFactory):
    """Rows are written in the system's scope, so that a test's user need not see them."""

    class Meta:
        abstract = True

    @classmethod
    def _generate(cls, strategy, params):
        with by_the_system():
            return super()._generate(strategy, params)
