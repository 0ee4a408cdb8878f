"""Statements are kept for the next time, retired, and read from a file; words of a bank go into a field."""

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from ieps.actions.save_text import LONGEST, save_text
from ieps.bank import BankRow, fields_with_words, name_in, rows_in
from ieps.models import Iep, SectionText, Statement
from ieps.rules.anonymous import OfAChild, check_no_child, without_names
from organizations.models import District
from security.access import check
from security.models import User
from security.refusals import RuleBroken
from security.rules.roles import Permission
from students.models import Student
from ui.dates import in_words
from ui.two_texts import plain

LONGEST_STATEMENT = 4000
DEED = "keep the bank of the district"


@dataclass
class Imported:
    """How many statements came, how many were there already, and the lines that were not taken, with why."""

    added: int = 0
    known: int = 0
    bad: list[tuple[int, str]] = field(default_factory=list)


@transaction.atomic
def keep_statement(
    *, by: User, section: str, field: str, text: str, area: str = "", district: District | None = None
) -> Statement:
    """For everybody of a district, or for this person alone. Raises NotAllowed, RuleBroken."""
    if district:
        check(by, Permission.KEEP_BANK, district, DEED)
    text = _checked(section, name_in(field), plain(text).strip())
    whose = {"district": district} if district else {"owner": by}
    return Statement.objects.create(
        **whose, section=section, field=name_in(field), area=area.strip()[:60], text=text, added_by=by
    )


def _checked(section: str, field: str, text: str) -> str:
    if (section, field) not in fields_with_words():
        raise RuleBroken("The form has no such field to type in.", "field")
    if not text:
        raise RuleBroken("There are no words to keep.", "text")
    if len(text) > LONGEST_STATEMENT:
        raise RuleBroken(f"A statement has at most {LONGEST_STATEMENT:,} characters.", "text")
    try:
        check_no_child(text)
    except OfAChild as told:
        raise RuleBroken(str(told), "text") from None
    return text


def keep_from_iep(
    *, by: User, iep: Iep, section: str, field: str, text: str, area: str = "", mine: bool = True
) -> Statement:
    """As `keep_statement`; the names of the child become "the student". Raises NotAllowed, RuleBroken."""
    words = of_no_child(text, iep.student)
    whose = {} if mine else {"district": iep.district}
    return keep_statement(by=by, section=section, field=field, text=words, area=area, **whose)


def of_no_child(text: str, student: Student | None) -> str:
    """Without the names of the child. Raises RuleBroken where its birthday or a number stands."""
    if student is None:
        return text
    names = (student.first_name, student.last_name, student.middle_name, student.full_name)
    if in_words(student.birth_date) in text or student.birth_date.isoformat() in text:
        raise RuleBroken("The birthday of the student stands in this text. Take it out first.", "text")
    return without_names(text, names)


@transaction.atomic
def retire_statement(*, by: User, statement: Statement, last_day: date | None = None) -> Statement:
    """From the day after on it is offered no more. Raises NotAllowed, RuleBroken."""
    check_may_keep(by, statement)
    last_day = last_day or timezone.localdate()
    if last_day < statement.first_day:
        raise RuleBroken("It ends on the day it began, or later.", "last_day")
    statement.last_day = last_day
    statement.save(update_fields=["last_day"])
    return statement


def check_may_keep(by: User, statement: Statement) -> None:
    """Raises NotAllowed, RuleBroken."""
    if statement.district:
        check(by, Permission.KEEP_BANK, statement.district, DEED)
    elif statement.owner_id != by.pk:
        raise RuleBroken("This statement belongs to somebody else.")


@transaction.atomic
def import_statements(*, by: User, content: bytes, district: District | None = None) -> Imported:
    """A CSV file with the columns section, field, area, text. What is there already does not come twice.

    Raises NotAllowed, RuleBroken when nothing of it can be read.
    """
    if district:
        check(by, Permission.KEEP_BANK, district, DEED)
    own = {"district": district} if district else {"owner": by}
    known = set(Statement.objects.filter(**own).values_list("section", "field", "text"))
    result = Imported()
    for row in rows_in(content):
        _take(result, row, known, by, district)
    return result


def _take(
    result: Imported, row: BankRow, known: set[tuple[str, str, str]], by: User, district: District | None
) -> None:
    if (row.section, row.field, row.text) in known:
        result.known += 1
        return
    try:
        keep_statement(
            by=by, section=row.section, field=row.field, text=row.text, area=row.area, district=district
        )
    except RuleBroken as broken:
        result.bad.append((row.line, str(broken)))
    else:
        known.add((row.section, row.field, row.text))
        result.added += 1


@transaction.atomic
def insert_words(*, by: User, iep: Iep, section: str, field: str, words: str) -> SectionText:
    """Words are added below what stands in a field. Raises NotAllowed, RuleBroken."""
    stored = iep.texts.filter(section=section, field=field).first()
    before = stored.text.rstrip() if stored else ""
    text = "\n".join(filter(None, (before, words)))[:LONGEST]
    return save_text(
        by=by, iep=iep, section=section, field=field, text=text, version=stored.version if stored else 0
    )
