"""Records of a district's ODS as lines of the feed's own layout. What a value means is said, never guessed.

A value without a meaning stands in its cell under its Ed-Fi name, which no code here is, so that the feed
refuses the line and names it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

SCHOOLS, STUDENTS, ASSOCIATIONS = "schools", "students", "studentSchoolAssociations"
PULLED = (SCHOOLS, STUDENTS, ASSOCIATIONS)
# The only parts of a record that are read, and kept.
PARTS = {
    SCHOOLS: ("schoolId", "nameOfInstitution", "localEducationAgencyReference.localEducationAgencyId"),
    STUDENTS: (
        "studentUniqueId", "firstName", "middleName", "lastSurname", "birthDate", "birthSexDescriptor",
    ),
    ASSOCIATIONS: (
        "entryDate", "entryGradeLevelDescriptor", "entryTypeDescriptor", "exitWithdrawDate",
        "exitWithdrawTypeDescriptor", "schoolReference.schoolId", "studentReference.studentUniqueId",
        "schoolYearTypeReference.schoolYear",
    ),
}  # fmt: skip
DAYS = ("birthDate", "entryDate", "exitWithdrawDate")
Record = Mapping[str, str]  # by part; what the ODS does not give is empty
Line = dict[str, str]


class Kind(StrEnum):
    """Of a value that means something here; the words are those of `OdsValue.kind`."""

    GRADE = "grade"
    ENTRY = "entry"
    EXIT = "exit"
    SEX = "sex"


@dataclass(frozen=True, kw_only=True)
class Here:
    """What stands here. Days are ISO text; a child goes by its state number.

    `schools`: codes by Ed-Fi number; `numbers`: state numbers by Ed-Fi ID; `came`: of children who came to
    school, the first day there as far as it is known, by child, school code and entry date; `attending`:
    entry codes that need that day.
    """

    first_day: str
    last_day: str
    year: int
    today: str
    agency: str = ""
    unique_is_state_number: bool = False
    schools: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    sexes: Mapping[str, str] = field(default_factory=dict)
    came: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    attending: frozenset[str] = frozenset()
    meanings: Mapping[tuple[str, str], str] = field(default_factory=dict)


@dataclass
class Pulled:
    """`uses` of each value; `strange_schools`: enrollments at a school without a code here, by its name."""

    lines: list[Line] = field(default_factory=list)
    uses: Counter[tuple[str, str]] = field(default_factory=Counter)
    strange_schools: Counter[str] = field(default_factory=Counter)
    other_years: int = 0
    other_districts: int = 0
    unclear: int = 0  # lines with a value that means nothing here yet


def as_read(resource: str, item: Mapping[str, object]) -> dict[str, str]:
    """The parts of a record that matter, as text; a day without the time that some servers add."""
    texts = {part: _text(_at(item, part)) for part in PARTS[resource]}
    return {part: text.partition("T")[0] if part in DAYS else text for part, text in texts.items()}


def lines_of(
    schools: Iterable[Record], students: Iterable[Record], associations: Iterable[Record], here: Here
) -> Pulled:
    """A line for each enrollment of the school year at the district's schools, sorted."""
    school_of = {row["schoolId"]: row for row in schools}
    student_of = {row["studentUniqueId"]: row for row in students}
    pulled = Pulled()
    for row in associations:
        school = school_of.get(row["schoolReference.schoolId"], {})
        if not _is_of_year(row, here):
            pulled.other_years += 1
        elif _is_of_another(school, here):
            pulled.other_districts += 1
        else:
            student = student_of.get(row["studentReference.studentUniqueId"], {})
            pulled.lines.append(_line(row, student, school, here, pulled))
    pulled.lines.sort(key=lambda line: (*line.values(),))
    return pulled


def _is_of_year(row: Record, here: Here) -> bool:
    """By the year that the enrollment names; else by its days."""
    if named := row["schoolYearTypeReference.schoolYear"]:
        return named == str(here.year)
    over = row["exitWithdrawDate"]
    return row["entryDate"] <= here.last_day and (not over or over >= here.first_day)


def _is_of_another(school: Record, here: Here) -> bool:
    told = school.get("localEducationAgencyReference.localEducationAgencyId", "")
    return bool(told and here.agency and told != here.agency)


def _line(row: Record, student: Record, school: Record, here: Here, pulled: Pulled) -> Line:
    unique = row["studentReference.studentUniqueId"]
    number = here.numbers.get(unique) or (unique if here.unique_is_state_number else "")
    code = _school_code(row, school, here, pulled)
    meant = {kind: _meaning(kind, uri, here, pulled) for kind, uri in _values(row, student, number, here)}
    pulled.unclear += None in meant.values()
    cells = {kind: _shown(row, student, kind) if told is None else told for kind, told in meant.items()}
    return {
        "state_student_id": number,
        "last_name": student.get("lastSurname", ""),
        "first_name": student.get("firstName", ""),
        "middle_name": student.get("middleName", ""),
        "birth_date": student.get("birthDate", ""),
        "sex": cells.get(Kind.SEX) or here.sexes.get(number, ""),
        "grade": cells[Kind.GRADE],
        "school_code": code,
        "entry_code": cells[Kind.ENTRY],
        "entry_date": row["entryDate"],
        "exit_code": cells.get(Kind.EXIT, ""),
        "exit_date": row["exitWithdrawDate"],
        "first_attended": _first_attended(row["entryDate"], number, code, cells[Kind.ENTRY], here),
    }


def _school_code(row: Record, school: Record, here: Here, pulled: Pulled) -> str:
    edfi_id = row["schoolReference.schoolId"]
    if edfi_id not in here.schools:
        name = school.get("nameOfInstitution", "")
        pulled.strange_schools[f"{name} ({edfi_id})" if name else edfi_id] += 1
    return here.schools.get(edfi_id, f"Ed-Fi {edfi_id}")


def _values(row: Record, student: Record, number: str, here: Here) -> Iterable[tuple[Kind, str]]:
    """The sex of a child that stands here is known; an exit has a type only where it has a day."""
    yield Kind.GRADE, row["entryGradeLevelDescriptor"]
    yield Kind.ENTRY, row["entryTypeDescriptor"]
    if row["exitWithdrawDate"] or row["exitWithdrawTypeDescriptor"]:
        yield Kind.EXIT, row["exitWithdrawTypeDescriptor"]
    if not here.sexes.get(number):
        yield Kind.SEX, student.get("birthSexDescriptor", "")


def _meaning(kind: Kind, uri: str, here: Here, pulled: Pulled) -> str | None:
    pulled.uses[kind, uri] += 1
    return here.meanings.get((kind, uri)) or None


def _shown(row: Record, student: Record, kind: Kind) -> str:
    uri = {
        Kind.GRADE: row["entryGradeLevelDescriptor"],
        Kind.ENTRY: row["entryTypeDescriptor"],
        Kind.EXIT: row["exitWithdrawTypeDescriptor"],
        Kind.SEX: student.get("birthSexDescriptor", ""),
    }[kind]
    return f"Ed-Fi value “{uri.rpartition('#')[2]}”" if uri else ""


def _first_attended(entry_date: str, number: str, school: str, entry_code: str, here: Here) -> str:
    """Ed-Fi's entry date is the day on which a child begins to be taught; what stands here goes before it."""
    if (known := here.came.get((number, school, entry_date))) is not None:
        return known
    return entry_date if entry_code in here.attending and entry_date <= here.today else ""


def _at(item: object, part: str) -> object:
    for name in part.split("."):
        item = item.get(name) if isinstance(item, Mapping) else None
    return item


def _text(value: object) -> str:
    """Without signs that no text has; anything but text and numbers is nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int | date):
        return ""
    return "".join(sign if sign.isprintable() else " " for sign in str(value)).strip()
