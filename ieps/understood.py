"""What was understood of a typed day or number: told beside its control, and kept to afterwards."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache

from django.utils import timezone

from ieps.bank import name_in
from ieps.items import Entry, items_of
from ieps.models import Iep
from ieps.values import read_back, with_its_year

MEASURED = ("date", "int", "decimal")


def sentences(iep: Iep, section: str, typed: Mapping[str, str]) -> dict[str, str]:
    """By key, for the fields of days and numbers; empty where there is nothing to say. No queries."""
    types, today = measured_in(iep.form, section), timezone.localdate()
    return {
        key: read_back(types[name_in(key)], text, today)
        for key, text in typed.items()
        if name_in(key) in types
    }


def as_meant(form: str, section: str, key: str, text: str, typed_at: datetime) -> str:
    """Of a day such as "yesterday" the one that was meant when it was typed; other texts as they are."""
    if not text or measured_in(form, section).get(name_in(key)) != "date":
        return text
    return with_its_year(text, timezone.localdate(typed_at))


@cache
def measured_in(form: str, section: str) -> dict[str, str]:
    """The types of days and numbers of a section, by name of field or column."""
    found: dict[str, str] = {}
    for item in items_of(form, section):
        if isinstance(item, Entry):
            found[item.key] = item.type
        else:
            found |= {column.column: column.type for column in item.columns}
    return {name: kind for name, kind in found.items() if kind in MEASURED}
