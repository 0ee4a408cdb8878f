"""What a cell of an exported file is, computed in the database so that no row passes through Python.

A cell that a spreadsheet would run as a formula gets a leading apostrophe (rulebook/formulas.py).
"""

import json
from collections.abc import Iterable
from enum import StrEnum

from django.db.models import Case, Expression, F, Func, TextField, Value, When
from django.db.models.expressions import Combinable

from rulebook.formulas import RUN_AS_FORMULA

_RUN = ", ".join(rf"E'\x{ord(letter):02x}'" for letter in RUN_AS_FORMULA)


class Kind(StrEnum):
    """How a cell is written: text is guarded; words are our own, from tables, and need no guard;
    a day is a real date in a workbook; a number is a number.
    """

    TEXT = "text"
    WORDS = "words"
    DAY = "day"
    NUMBER = "number"


class Guarded(Func):
    """The text, with an apostrophe before = + - @ tab and carriage return.

    What is empty or begins with a letter or a digit, nearly everything, is told by a few comparisons.
    """

    template = (
        "CASE WHEN %(expressions)s >= 'A' COLLATE \"C\" OR %(expressions)s = '' THEN %(expressions)s"
        " WHEN %(expressions)s >= '0' COLLATE \"C\""
        " AND %(expressions)s < '=' COLLATE \"C\" THEN %(expressions)s"
        f" WHEN left(%(expressions)s, 1) IN ({_RUN}) THEN '''' || %(expressions)s"
        " ELSE %(expressions)s END"
    )
    output_field = TextField()

    def __init__(self, expression: Combinable | str) -> None:
        super().__init__(Text(expression))

    def as_sql(self, compiler, connection, **context):
        sql, params = super().as_sql(compiler, connection, **context)
        return sql, (*params,) * self.template.count("%(expressions)s")


class Text(Func):
    template = "(%(expressions)s)::text"
    output_field = TextField()


class Moment(Func):
    """ "2026-09-16 18:02" in a time zone."""

    template = "to_char(%(expressions)s AT TIME ZONE '%(zone)s', 'YYYY-MM-DD HH24:MI')"
    output_field = TextField()

    def __init__(self, expression: str, zone: str) -> None:
        super().__init__(F(expression), zone=zone)


def yes_no(field: str) -> Case:
    """Yes, No, or nothing where nothing is known."""
    return Case(When(**{field: True}, then=Value("Yes")), When(**{field: False}, then=Value("No")))


class InWords(Func):
    """Looked up in a table that the query brings along: a CASE would compare with one code after another."""

    template = "coalesce(%(expressions)s, '')"
    arg_joiner = "::jsonb ->> "
    output_field = TextField()


def words_for(field: str, pairs: Iterable[tuple[str, str]]) -> Expression:
    """The meaning of a code, the first where it has several; nothing for a code that no table knows."""
    known = {str(code): words for code, words in reversed(list(pairs))}
    return InWords(Value(json.dumps(known), output_field=TextField()), Text(field))
