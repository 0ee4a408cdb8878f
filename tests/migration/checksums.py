"""What every table says, as one checksum each, whatever numbers its rows happen to have.

A row's number depends on what was tried before, since a sequence never goes back. So a reference counts as
what the row says that it refers to, and the number of a run as its place among the runs.
"""

# ruff: noqa: S608  the names come from our own models

from collections.abc import Iterator

import psycopg
from django.apps import apps
from django.db.models import ForeignKey, Model
from django.db.models.fields import Field

from students.models import Student

RUN = "(SELECT count(*) FROM ser_rollover_loadrun run WHERE run.id <= t.{})"
# Columns that cannot be alike, and why.
CLOCKS = {
    "pgh_created_at", "started_at", "ended_at", "sent_at", "heard_at", "loaded_at", "at", "created_at",
    "modified_at", "marked_at",
}  # fmt: skip
OF_THE_LOAD = {"created_at", "modified_at"}  # ...where the extract says them
BY_CHANCE = {
    "pgh_id": "the number of a line of history",
    "pgh_context_id": "a random number",
    "task": "whether a worker was asked, or a command did the work",
    "worker": "the process that loaded a part",
    "interruptions": "what the kills were, told on the page of the run",
    "link": "an address with the number of the run",
    "mark": "the number of the transaction that marked a child",
    "record_id": "the number of a row, which its key names too",
    "done": "how far a job had told that it was",
    "total": "how far a job had told that it was",
}
NUMBERS_OF_RUNS = {"load_run_id", "written_in"}
# A text of a line begins with the number of the line, which it also refers to.
SAID_OTHERWISE = {"field": "regexp_replace(t.field, '^[0-9]+[.]', '')"}
UNCOMPARED = {
    "journal_entry": "tells who did what when, the number of the run among it",
    "django_migrations": "when the tables were made",
}


def checksums(connection: psycopg.Connection) -> dict[str, str]:
    """Table -> how many rows, and what they say. Tables without rows are left out."""
    found = {}
    for model in _owners_first():
        table = model._meta.db_table
        signed = f"sig_{table}"[:63]
        connection.execute(
            f"CREATE TEMP TABLE {signed} AS SELECT t.{model._meta.pk.column} AS id,"
            f" md5(concat_ws('|', {', '.join(_said(model)) or 'NULL'})) AS sig FROM {table} t"
        )
        rows, digest = connection.execute(
            f"SELECT count(*), md5(string_agg(sig, '' ORDER BY sig)) FROM {signed}"
        ).fetchone()
        if rows and table not in UNCOMPARED:
            found[table] = f"{rows} rows, {digest}"
    return found


def _said(model: type[Model]) -> Iterator[str]:
    of_the_load = {field.column for field in model._meta.concrete_fields} & {"original_modified_at"}
    clocks = CLOCKS - OF_THE_LOAD if of_the_load else CLOCKS
    history = hasattr(model, "pgh_tracked_model")
    for field in model._meta.concrete_fields:
        if history and field.column == model.pgh_tracked_model._meta.pk.column:
            continue  # `pgh_obj` says which
        if not (field.primary_key or field.column in clocks or field.column in BY_CHANCE):
            yield f"coalesce({_value(field)}, '-')"


def _value(field: Field) -> str:
    column = field.column
    if column in NUMBERS_OF_RUNS:
        return f"{RUN.format(column)}::text"
    if isinstance(field, ForeignKey) and field.related_model is not field.model:
        return _row(field.related_model, column)
    if column == "student_id":  # without a foreign key
        return _row(Student, column)
    if isinstance(field, ForeignKey):
        return f"(t.{column} IS NULL)::text"
    return f"({SAID_OTHERWISE.get(column, f't.{column}')})::text"


def _row(of: type[Model], column: str) -> str:
    return f"(SELECT s.sig FROM {f'sig_{of._meta.db_table}'[:63]} s WHERE s.id = t.{column})"


def _owners_first() -> list[type[Model]]:
    """Every table of ours, after those that it refers to."""
    ordered: dict[type[Model], None] = {}

    def add(model: type[Model]) -> None:
        for field in model._meta.concrete_fields:
            if isinstance(field, ForeignKey) and field.related_model not in (model, *ordered):
                add(field.related_model)
        ordered[model] = None

    add(Student)
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy and model not in ordered:
            add(model)
    return list(ordered)
