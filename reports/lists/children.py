"""What many lists share: the child's columns, its records in a scope, what is computed about children."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import DateField, IntegerField, JSONField, Model
from django.db.models.expressions import RawSQL
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from reports.lists.cells import Kind
from reports.lists.listing import Part, Rows, within
from security.scope import Scope
from students.models import Student

CHILD = (
    Part("Last name", "student__last_name", sort="student__sort_name", key="student"),
    Part("First name", "student__first_name", on_page=False),
    Part("State ID", "student__state_student_id", on_page=False),
    Part("Birth date", "student__birth_date", Kind.DAY, on_page=False),
    Part("District", "district__name", sort="district__name", key="district", groups=True),
)
# Of a list whose rows are the children themselves.
THE_CHILD = (
    Part("Last name", "last_name", sort="sort_name", key="student"),
    Part("First name", "first_name", on_page=False),
    Part("State ID", "state_student_id", on_page=False),
    Part("Birth date", "birth_date", Kind.DAY, on_page=False),
)


def records(scope: Scope, model: type[Model]) -> Rows:
    return within(scope, Student.objects.in_scope(scope), model._default_manager.all())


def told_of(scope: Scope, said: Mapping[int, Mapping[str, Any]]) -> Rows:
    """The children in scope of whom something was computed, by id; `told` gives it back as a column.

    So a roster of an earlier instant leaves by the same way as a table: guarded, counted, noted, written by
    the database.
    """
    return telling(Student.objects.in_scope(scope), said)


def telling(rows: Rows, said: Mapping[int, Mapping[str, Any]]) -> Rows:
    """Of these rows those of which something was computed, by their keys, each with what was `said`."""
    words = json.dumps({str(pk): line for pk, line in said.items()}, default=_iso)
    table = rows.model._meta.db_table
    of_row = RawSQL(f"%s::jsonb -> {table}.id::text", [words], output_field=JSONField())  # noqa: S611  # nosec B611
    return rows.filter(pk__in=list(said)).annotate(said=of_row)


def told(label: str, kind: Kind = Kind.WORDS, *, key: str = "") -> Part:
    """A column of what was computed: our own words, from tables, a day or a number; or what was typed."""
    key = key or label.lower().replace(" ", "_")
    words = KeyTextTransform(key, "said")
    typed = {Kind.DAY: DateField, Kind.NUMBER: IntegerField}.get(kind)
    return Part(label, Cast(words, typed()) if typed else words, kind, key=key)


def _iso(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
