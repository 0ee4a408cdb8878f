"""Which statements a person can use, which banks they keep, and for which fields there are statements."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from django.utils import timezone

from ieps.items import Entry, items_of, line_in
from ieps.models import Statement
from ieps.models.statement import StatementQuerySet
from ieps.rules.form import forms, sections
from organizations.models import District
from security.holdings import holdings_of
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission

TYPED = ("text", "line")
COLUMNS = ("section", "field", "area", "text")
MOST_ROWS = 2000
MOST_BYTES = 1_000_000


@dataclass(frozen=True)
class BankRow:
    """One line of a file, with its number there."""

    line: int
    section: str
    field: str
    area: str
    text: str


def districts_with(user: User, permission: Permission) -> frozenset[int]:
    """The districts at which, or at a site of which, the person holds the permission."""
    held, name = holdings_of(user), permission.value
    return held.districts.get(name, frozenset()) | held.districts_of_sites.get(name, frozenset())


def statements_for(user: User) -> StatementQuerySet:
    """Everything that this person may use, also what was retired."""
    rows = Statement.objects.select_related("district")
    return rows.usable_by(user, districts_with(user, Permission.WRITE_IEP) | kept_by(user))


def kept_by(user: User) -> frozenset[int]:
    """The districts whose bank this person keeps."""
    return districts_with(user, Permission.KEEP_BANK)


def kept_districts(user: User) -> list[District]:
    return list(District.objects.filter(pk__in=kept_by(user)).order_by("name"))


def offered_for(user: User, section: str, field: str, words: str = "") -> StatementQuerySet:
    """In use today for this field (its name without a line)."""
    rows = statements_for(user).in_use(timezone.localdate()).filter(section=section, field=name_in(field))
    return rows.with_words(words)


def name_in(key: str) -> str:
    """`12.goal` → `goal`; `ACT.narrative` stays."""
    return key.partition(".")[2] if line_in(key) else key


@cache
def fields_with_words() -> dict[tuple[str, str], str]:
    """The fields in which something is typed freely, by section and key, with their labels."""
    return {
        (row.section, item.key): f"{row.title}: {item.label}"
        for form in forms()
        for row in sections(form.form)
        for item in items_of(form.form, row.section)
        if isinstance(item, Entry) and item.type in TYPED
    }


def rows_in(content: bytes) -> Iterator[BankRow]:
    """The lines of a CSV file with the columns of a bank. Raises RuleBroken when it is no such file."""
    if len(content) > MOST_BYTES:
        raise RuleBroken("The file is larger than 1 MB. Send it in parts.", "file")
    reader = csv.DictReader(io.StringIO(_text(content), newline=""), strict=True)
    heading = [name.strip().lower() for name in reader.fieldnames or []]
    if missing := [name for name in COLUMNS if name not in heading]:
        raise RuleBroken(f"The first line lacks: {', '.join(missing)}.", "file")
    reader.fieldnames = heading
    try:
        for number, cells in enumerate(reader, 1):
            if number > MOST_ROWS:
                raise RuleBroken(f"The file has more than {MOST_ROWS:,} lines. Send it in parts.", "file")
            values = {name: (cells.get(name) or "").strip() for name in COLUMNS}
            yield BankRow(line=reader.line_num, **values)
    except csv.Error as wrong:
        raise RuleBroken(f"Line {reader.line_num} cannot be read as CSV ({wrong}).", "file") from None


def _text(content: bytes) -> str:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise RuleBroken("The file is not in UTF-8. Choose “CSV UTF-8” when you save it.", "file") from None
    if "\x00" in text:
        raise RuleBroken("This is no text file. Save the table as CSV (UTF-8).", "file")
    return text
