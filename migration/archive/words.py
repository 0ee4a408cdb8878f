"""Archived records in words: the labels of the layout, days in words, codes with their meaning."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from enrollment.rules.codes import sped_exits
from evaluations.rules.codes import evaluation_types, exceptionalities, extensions, outcomes
from ieps.rules.codes import CodeSet as IepCodes
from ieps.rules.codes import name_of as iep_word
from migration.archive.pack import Packed
from migration.rules.became import legacy_words
from migration.rules.layout import Field, Format, layouts
from migration.rules.records import GRADES_CSV, Grade, record_types
from rulebook.tables import read_table
from students.models.contact import Relation
from students.rules.languages import language_name
from ui.dates import in_words, moment_in_words

NAMES = {
    "LASID": "State ID (LASID)", "SER_STUDENT_KEY": "Legacy student key", "EVAL_KEY": "Evaluation key",
    "IEP_KEY": "IEP key", "ODR_DATE": "District representative signed on", "LRE_CODE": "Environment (LRE)",
    "SPONSOR_CODE": "District", "REG_CLASS_MIN_WK": "Minutes a week in the regular class",
    "TOTAL_MIN_WK": "Minutes a week in all", "ESY_ELIGIBLE": "Extended school year",
    "REEVAL_DECLINE_DATE": "Reevaluation declined on", "CREATED_TS": "Created", "MODIFIED_TS": "Last saved",
    "MODIFIED_BY": "Last saved by", "SEQ": "Number", "ZIP": "ZIP code", "PER": "Per", "SHA256": "SHA-256",
    "EVAL_TYPE": "Evaluation type", "IEP_TYPE": "IEP type", "EXTENSION_TO": "Extended to", "GOAL_NO": "Goal",
    "COMPLETE_DATE": "Completed on", "LOCAL_STUDENT_ID": "Local student ID", "RACE_FLAGS": "Race",
    "DISSEMINATION_DATE": "Disseminated on", "PARENT_SIGN_DATE": "Parent signed on",
    "ASSESSMENT": "State assessment",
    "SSN_OR_TEMP_ID": "Social Security number", "SEVERITY_OR_AREA": "Severity or talent area",
    "COORDINATOR_STAFF_ID": "Coordinator (staff ID)",
    "PROVIDER_STAFF_ID": "Provider (staff ID)", "MIN_PER_SESSION": "Minutes per session",
}  # fmt: skip
YES_NO = {"Y": "yes", "N": "no", "U": "not decided"}
OTHER_SETS: dict[str, Callable[[], tuple[Any, ...]]] = {
    "sped_exit_la": sped_exits,
    "evaluation_type": evaluation_types,
    "evaluation_outcome": outcomes,
    "evaluation_extension": extensions,
    "exceptionality": exceptionalities,
}
RACES = "IABPW"
TOLD_BY_LETTER = {"RACE_FLAGS", "STATUS", "PER", "LOCATION", "SEX"}
NUMBERS_OF_SOMETHING = ("KEY", "LASID", "PHONE")
ASKED_YES_NO = {"ACTIVE", "HISPANIC", "LOCKED", "SURROGATE", "ESY_ELIGIBLE"}


@dataclass(frozen=True)
class Said:
    """A field of a record: its label, and what it says in words."""

    label: str
    value: str


@dataclass(frozen=True)
class Shown:
    """One record; `title` names it among those of its type, `text` is what was written freely."""

    title: str
    facts: list[Said]
    text: str


def by_type(records: Iterable[Packed]) -> list[tuple[str, list[Shown]]]:
    """The records of each type, in the order of the layout."""
    ordered = sorted(records, key=attrgetter("record_type", "key"))
    return [
        (record_types()[code].label, [shown(record, number) for number, record in enumerate(rows, start=1)])
        for code, rows in groupby(ordered, key=attrgetter("record_type"))
    ]


def shown(record: Packed, number: int) -> Shown:
    label = record_types()[record.record_type].label
    text = str(record.data.get("text", "")).rstrip()
    return Shown(f"{label}, {number}", list(_facts(record)), text)


def label_of_field(name: str) -> str:
    return NAMES.get(name) or name.replace("_", " ").lower().capitalize()


def in_plain_words(field: Field, value: object) -> str:
    """A value of the archive (days as ISO text) as people read it."""
    text = str(value)
    if field.format == Format.DAY:
        return in_words(date.fromisoformat(text))
    if field.format == Format.INSTANT:
        return moment_in_words(datetime.fromisoformat(text))
    if field.field in ASKED_YES_NO:
        return YES_NO.get(text, text)
    if field.field in TOLD_BY_LETTER:
        return _told(field.field, text)
    if field.field == "HOME_LANGUAGE":
        return language_name(text)
    if field.format == Format.NUMBER and not field.field.endswith(NUMBERS_OF_SOMETHING):
        return text.lstrip("0") or "0"
    meaning = meaning_of(field, text)
    return f"{text} {meaning}" if meaning else text


def _told(name: str, text: str) -> str:
    """The words of a letter; of a race flag in the order of the letters, one for each."""
    if name != "RACE_FLAGS":
        return legacy_words().get((name, text), text.lower().replace("_", " "))
    flags = zip(RACES, text, strict=False)
    letters = [letter for letter, flag in flags if flag == "Y"] if set(text) <= set("YN") else text
    return ", ".join(legacy_words().get((name, letter), letter) for letter in letters)


def meaning_of(field: Field, code: str) -> str:
    """What a code means, where the rule book has its set; else nothing."""
    sets = (field.code_set or "").split("|")
    return next(filter(None, (_meaning(name, code) for name in sets)), "")


def _meaning(code_set: str, code: str) -> str:
    if code_set == "relation":
        return Relation(code).label if code in Relation.values else ""
    if code_set in set(IepCodes):
        return iep_word(IepCodes(code_set), code)
    if code_set == "grade":
        return grades[code].label if code in (grades := _grades()) else ""
    return next((row.name for row in OTHER_SETS.get(code_set, tuple)() if row.code == code), "")


@cache
def _grades() -> dict[str, Grade]:
    return {row.code: row for row in read_table(GRADES_CSV, Grade)}


def _facts(record: Packed) -> Iterator[Said]:
    for field in _fields(record.record_type):
        if field.column in record.data and field.field != "TEXT" and not _is_owner(record, field):
            value = in_plain_words(field, record.data[field.column])
            yield Said(label_of_field(field.field), value.rstrip())


def _is_owner(record: Packed, field: Field) -> bool:
    """The key of the child stands above all records already."""
    return field.field == "SER_STUDENT_KEY" and record.record_type != "01"


@cache
def _fields(record_type: str) -> tuple[Field, ...]:
    return tuple(field for field in layouts()[record_type] if field.field != "RECORD_TYPE")
