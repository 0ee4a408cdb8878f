"""What became of one record of the extract: the live record, the archived one, or why there is none."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Model, QuerySet

from enrollment.models import SpecialEducationActivity
from evaluations.models import Evaluation, Exceptionality
from ieps.models import Iep, SectionText, Service
from ieps.models import Line as IepLine
from migration.accounting.lines import fields_of, iso_day, key_of
from migration.archive.pack import unpacked
from migration.archive.words import in_plain_words, label_of_field
from migration.extract import Line
from migration.models import (
    ArchivedRecord,
    ArchivedStudent,
    LegacyAttachment,
    LegacyUser,
    LoadRun,
    RejectedRow,
)
from migration.rules.became import became
from migration.rules.layout import Field, Format, layouts
from migration.rules.records import record_types
from organizations.models import State
from students.models import Contact, Jurisdiction, Source, Student
from ui.dates import in_words, moment_in_words


@dataclass(frozen=True)
class Beside:
    """A field: what the legacy text says in words, what stands here, and whether both say the same."""

    label: str
    legacy: str
    here: str
    same: bool
    note: str = ""


@dataclass(frozen=True)
class Outcome:
    """`fate`: migrated, archived, rejected, or "" when nothing is known. `live`
    is None unless migrated, `archive` unless archived."""

    fate: str
    fields: list[Beside]
    live: Model | None = None
    archive: ArchivedStudent | None = None
    rejected: RejectedRow | None = None


def outcome_of(run: LoadRun, line: Line, copy: int) -> Outcome:
    """The record at a line of the run's extract and what became of it."""
    if rejected := run.rejected_rows.filter(line=line.number).first():
        return Outcome("rejected", _alone(line), rejected=rejected)
    if line.damaged:
        return Outcome("", _alone(line))
    code, fields = line.record_type, fields_of(line)
    key = key_of(record_types()[code], fields)
    key = f"{key}#{copy}" if copy > 1 and code != "09" else key
    if archived := ArchivedRecord.objects.filter(record_type=code, legacy_key=key).first():
        archive = ArchivedStudent.objects.get(student_key=archived.student_key)
        return Outcome(
            "archived", list(_beside_archived(run.of_state, line, fields, key, archive)), archive=archive
        )
    live = live_record(code, fields, copy)
    if live is None:
        return Outcome("", _alone(line))
    return Outcome("migrated", list(_beside_live(run.of_state, code, fields, live)), live=live)


def live_record(code: str, fields: dict[str, str], copy: int = 1) -> Model | None:
    find = FINDERS.get(code)
    return find(fields, copy).first() if find else None


def here_in_words(state: State, code: str, name: str, live: Model | None) -> str:
    """What stands in the live record for a field of the layout."""
    row = became().get((code, name))
    if live is None or row is None or not row.attribute:
        return ""
    return _value_in_words(state, _field(code, name), _through(live, row.attribute))


def legacy_in_words(state: State, code: str, name: str, written: str) -> str:
    """The same of the legacy text, which is fixed-width writing (`11302014`)."""
    field = _field(code, name)
    if not written:
        return ""
    if field.format == Format.DAY:
        return _day_in_words(iso_day(written)) if set(written) - set("09") else ""
    if field.format == Format.INSTANT:
        return _instant_in_words(written)
    return in_plain_words(field, written)


def _beside_live(state: State, code: str, fields: dict[str, str], live: Model) -> Iterator[Beside]:
    for name, written in fields.items():
        row = became().get((code, name))
        legacy, here = legacy_in_words(state, code, name, written), here_in_words(state, code, name, live)
        if not row:
            continue
        note = row.note or "" if legacy.strip() != here.strip() else ""
        part = name == "TEXT" and legacy.strip() in here  # a line of a text that was joined
        yield Beside(label_of_field(name), legacy, here, part or _same(legacy, here), note)


def _beside_archived(
    state: State, line: Line, fields: dict[str, str], key: str, archive: ArchivedStudent
) -> Iterator[Beside]:
    kept = {(record.record_type, record.key): record.data for record in unpacked(archive.pack)}
    data = kept.get((line.record_type, key), {})
    for name, written in fields.items():
        field, legacy = (
            _field(line.record_type, name),
            legacy_in_words(state, line.record_type, name, written),
        )
        value = data.get(field.column, "")
        here = in_plain_words(field, value) if value else ""
        part = name == "TEXT" and legacy.strip() in here
        yield Beside(label_of_field(name), legacy, here, part or _same(legacy, here))


def _alone(line: Line) -> list[Beside]:
    if line.damaged:
        return [Beside("The line", line.text, "", same=False)]
    return [Beside(label_of_field(name), text, "", same=False) for name, text in fields_of(line).items()]


def _same(legacy: str, here: str) -> bool:
    return " ".join(legacy.split()).lower() == " ".join(here.split()).lower()


def _value_in_words(state: State, field: Field, value: object) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return moment_in_words(value.astimezone(ZoneInfo(state.time_zone)))
    if isinstance(value, date):
        return in_words(value)
    return in_plain_words(field, value)


def _day_in_words(iso: str) -> str:
    try:
        return in_words(date.fromisoformat(iso))
    except ValueError:
        return iso


def _instant_in_words(written: str) -> str:
    try:
        return moment_in_words(datetime.strptime(written, "%Y%m%d%H%M%S"))  # noqa: DTZ007  local wall clock
    except ValueError:
        return written


def _through(record: Model, path: str) -> Any:
    """`a.b` through records; `text:goal`, which is what stands in that field of a line of an IEP."""
    of_a_text, _, field = path.partition(":")
    if of_a_text == "text" and isinstance(record, IepLine):
        return record.texts.filter(field=f"{record.pk}.{field}").values_list("text", flat=True).first()
    return reduce(lambda value, name: getattr(value, name, None), path.split("."), record)  # type: ignore[arg-type]


def _field(code: str, name: str) -> Field:
    return next(field for field in layouts()[code] if field.field == name)


def _by_key(model: type[Model]) -> Callable[[dict[str, str], int], QuerySet]:
    def find(fields: dict[str, str], copy: int) -> QuerySet:
        key = _key(CODES[model], fields, copy)
        return model._default_manager.filter(source=Source.LEGACY_SER, legacy_key=key)

    return find


def _contact(fields: dict[str, str], copy: int) -> QuerySet:
    owner = {"student__source": Source.LEGACY_SER, "student__legacy_key": fields["SER_STUDENT_KEY"]}
    return Contact.objects.filter(**owner, seq=_whole(fields["SEQ"]) + 100 * (copy - 1))


def _exceptionality(fields: dict[str, str], copy: int) -> QuerySet:
    owner = {"evaluation__source": Source.LEGACY_SER, "evaluation__legacy_key": fields["EVAL_KEY"]}
    return Exceptionality.objects.filter(**owner, rank=_whole(fields["RANK"]) + 10 * (copy - 1))


def _text(fields: dict[str, str], copy: int) -> QuerySet:
    owner = {"iep__source": Source.LEGACY_SER, "iep__legacy_key": fields["IEP_KEY"]}
    return SectionText.objects.filter(**owner, section=fields["SECTION"], field=fields["FIELD"])


def _line_of(section: str, code: str) -> Callable[[dict[str, str], int], QuerySet]:
    def find(fields: dict[str, str], copy: int) -> QuerySet:
        return IepLine.objects.filter(section=section, legacy_key=_key(code, fields, copy))

    return find


def _attachment(fields: dict[str, str], copy: int) -> QuerySet:
    return LegacyAttachment.objects.filter(legacy_key=_key("12", fields, copy))


def _user(fields: dict[str, str], copy: int) -> QuerySet:
    return LegacyUser.objects.filter(legacy_key=_key("13", fields, copy))


def _key(code: str, fields: dict[str, str], copy: int) -> str:
    return key_of(record_types()[code], fields) + (f"#{copy}" if copy > 1 else "")


def _whole(written: str) -> int:
    return int(written) if written.isdigit() else 0


CODES: dict[type[Model], str] = {
    Student: "01", Jurisdiction: "03", Evaluation: "04", SpecialEducationActivity: "06", Service: "07",
    Iep: "08",
}  # fmt: skip
FINDERS: dict[str, Callable[[dict[str, str], int], QuerySet]] = {
    "02": _contact,
    "05": _exceptionality,
    "09": _text,
    "10": _line_of("INS", "10"),
    "11": _line_of("PRG", "11"),
    "12": _attachment,
    "13": _user,
    **{code: _by_key(model) for model, code in CODES.items()},
}
