"""The legacy print beside the extract, field by field (DQ-101)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from migration.accounting.legacy_print import PrintedChild, Row
from migration.accounting.lines import fields_of, key_of
from migration.extract import Line
from migration.rules.layout import layouts
from migration.rules.records import record_types

NEVER_KEPT = {("01", "SSN_OR_TEMP_ID")}  # its number does not leave the extract
HIDDEN = "*" * 10
MISSING, NOT_PRINTED = "the record is not in the extract", "the record is not in the print"
WHOLE = "RECORD_TYPE"


@dataclass(frozen=True)
class Found:
    """A record of the extract: its line in the file, and its fields."""

    line: int
    fields: Row


@dataclass(frozen=True)
class Difference:
    """`field` RECORD_TYPE: the whole record is only on one side. `row` counts from 1 within the type."""

    key: str
    record_type: str
    row: int
    field: str
    line: int | None
    printed: str
    extracted: str


Records = dict[str, list[Found]]


def records_of(lines: Iterable[Line], keys: Iterable[str]) -> dict[str, Records]:
    """The records of these children by type. A record stands after its owner in the file."""
    wanted: dict[str, Records] = {key: defaultdict(list) for key in keys}
    owned: dict[tuple[str, str], str] = {}
    for line in lines:
        record_type = record_types().get(line.record_type)
        if line.damaged or record_type is None:
            continue
        if (child := _child_of(line, owned)) in wanted:
            fields = fields_of(line)
            wanted[child][line.record_type].append(Found(line.number, fields))
            if line.record_type in ("04", "08"):
                owned[line.record_type, fields[record_type.key_columns[0].upper()]] = child
    return wanted


def compared(child: PrintedChild, records: Records) -> tuple[int, list[Difference]]:
    """How many fields were compared, and those that differ."""
    count, differences = 0, []
    for code in sorted({*child.rows, *records}):
        for row, (printed, found) in enumerate(
            _pairs(code, child.rows.get(code, []), records.get(code, [])), 1
        ):
            if printed is None or found is None:
                differences.append(_only_on_one_side(child.key, code, row, found))
                continue
            names = [name for name in printed if _is_compared(code, name, found.fields)]
            count += len(names)
            differences += [
                Difference(child.key, code, row, name, found.line, printed[name].strip(), found.fields[name])
                for name in names
                if printed[name].strip() != found.fields[name]
            ]
    return count, differences


def _child_of(line: Line, owned: dict[tuple[str, str], str]) -> str:
    first = layouts()[line.record_type][1]
    key = first.cut(line.text).strip(" ")
    if first.field == "SER_STUDENT_KEY":
        return key
    return owned.get(("04" if first.field == "EVAL_KEY" else "08", key), "")


def _pairs(code: str, printed: list[Row], found: list[Found]) -> Iterator[tuple[Row | None, Found | None]]:
    """By key where it is the same; what is left over, in the order of both sides."""
    left, partner = list(found), {}
    for place, row in enumerate(printed):
        same = next((each for each in left if _identity(code, each.fields) == _identity(code, row)), None)
        if same:
            partner[place] = same
            left.remove(same)
    for place, row in enumerate(printed):
        yield row, partner.get(place) or (left.pop(0) if left else None)
    yield from ((None, each) for each in left)


def _identity(code: str, row: Row) -> tuple[str, str]:
    known = {field.field: row.get(field.field, "").strip() for field in layouts()[code]}
    return key_of(record_types()[code], known), known.get("LINE_NO", "")


def _is_compared(code: str, name: str, fields: Row) -> bool:
    return name in fields and (code, name) not in NEVER_KEPT and fields[name] != HIDDEN


def _only_on_one_side(key: str, code: str, row: int, found: Found | None) -> Difference:
    if found is None:
        return Difference(key, code, row, WHOLE, None, "printed", MISSING)
    return Difference(key, code, row, WHOLE, found.line, NOT_PRINTED, "in the extract")
