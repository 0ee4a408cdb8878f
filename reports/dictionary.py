"""The data dictionary: every field of the records, from the models and the tables themselves."""

from collections.abc import Iterator
from dataclasses import astuple, dataclass

from django.apps import apps
from django.db import models

from ieps.rules.form import FIELDS_CSV, Field
from reports.rules.dictionary import FEED, LEGACY, SYSTEM, Meaning, meanings
from rulebook.registry import table_called
from rulebook.tables import read_table
from security.access import who_can
from security.rules.roles import Permission

ENTERED = {
    FEED: "The district's own system, or who enters students",
    LEGACY: "Came from the legacy system",
    SYSTEM: "Computed, or written by the system",
}
KINDS: tuple[tuple[type[models.Field], str], ...] = (
    (models.BooleanField, "yes or no"),
    (models.DateTimeField, "instant"),
    (models.DateField, "day"),
    (models.TimeField, "time of day"),
    (models.DecimalField, "number"),
    (models.IntegerField, "whole number"),
    (models.JSONField, "several values"),
    (models.ForeignKey, "link"),
    (models.TextField, "text of any length"),
)
IN_WORDS = {"bool": "yes or no", "date": "day", "bool+date": "yes or no, and a day", "site": "link"}


@dataclass(frozen=True)
class Described:
    """One field in words; `codes`: the slug of a table of the rule book, `values`: its own."""

    record: str
    field: str
    kind: str
    meaning: str
    values: str
    codes: str
    entered_by: str
    edfi: str
    federal: str
    authority: str


COLUMNS = (
    "record", "field", "kind", "meaning", "values", "code table", "entered by", "Ed-Fi", "federal use",
    "authority",
)  # fmt: skip


def dictionary(words: str = "", record: str = "") -> list[Described]:
    """Every field, or those of one record in which every word occurs."""
    wanted = words.casefold().split()
    return [
        row
        for row in every_field()
        if (not record or row.record == record)
        and all(word in " ".join(astuple(row)).casefold() for word in wanted)
    ]


def every_field() -> Iterator[Described]:
    yield from (_of_record(row) for row in meanings())
    yield from _of_forms()


def records() -> list[str]:
    return list(dict.fromkeys(row.record for row in every_field()))


def _of_record(row: Meaning) -> Described:
    model = apps.get_model(row.record)
    found = model._meta.get_field(row.field)
    assert isinstance(found, models.Field)
    return Described(
        str(model._meta.verbose_name).capitalize(), row.field, _kind(found), row.meaning,
        "; ".join(f"{code}: {name}" if code else str(name) for code, name in found.flatchoices),
        row.codes, entered_by(row.entered_with), row.edfi, row.federal, row.authority,
    )  # fmt: skip


def entered_by(by: str) -> str:
    return ENTERED.get(by) or who_can(Permission(by)).capitalize()


def _kind(field: models.Field) -> str:
    if isinstance(field, models.CharField) and field.max_length and not field.flatchoices:
        return f"text up to {field.max_length} characters"
    return next((words for kind, words in KINDS if isinstance(field, kind)), "text")


def _of_forms() -> Iterator[Described]:
    """What is written into the sections of an IEP."""
    for row in read_table(FIELDS_CSV, Field):
        of, _, codes = row.type.partition(":")
        slug = codes.replace("_", "-")
        yield Described(
            f"IEP form {row.form}: {row.section}", row.field, IN_WORDS.get(of, of), row.label, "",
            slug if table_called(slug) else "", entered_by(Permission.WRITE_IEP), "", "", row.authority,
        )  # fmt: skip
