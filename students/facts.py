"""The facts of a child that its header shows."""

from datetime import date
from functools import cache

from django.urls import reverse

from organizations.rules.places import grades
from organizations.rules.profiles import Profile, state_profile
from students.models import Jurisdiction, Student
from ui.parts import Cell, Fact

SEXES = {"F": "Female", "M": "Male", "X": "X"}


@cache
def grade_name(grade: str) -> str:
    """ "grade 6", or the name of a grade that is not one of the twelve; an unknown code as it is."""
    row = next((row for row in grades() if row.grade == grade), None)
    if row is None:
        return grade
    return f"grade {row.level}" if row.level and row.grade == f"{row.level:02}" else row.name


def grade_short(grade: str) -> str:
    """For a column headed Grade: "6", or the name of a grade that is not one of the twelve."""
    return grade_name(grade).removeprefix("grade ")


def grade_choices(empty: str = "Any grade") -> list[tuple[str, str]]:
    names = [(row.grade, grade_name(row.grade)) for row in grades()]
    return [("", empty), *((code, name[:1].upper() + name[1:]) for code, name in names)]


def grouped(number: str) -> str:
    """ "0041 927 365": long numbers are read in groups."""
    if not number.isdigit() or len(number) < 8:
        return number
    head = len(number) % 3 + 3 if len(number) % 3 else 3
    return " ".join([number[:head], *(number[at : at + 3] for at in range(head, len(number), 3))])


def telephone(number: str) -> str:
    """ "(555) 555-1612" for the ten digits of a North American number; any other as it is written."""
    digits = "".join(letter for letter in number if letter.isdigit())
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    plain = all(letter.isdigit() or letter in " -.()+" for letter in number)
    return f"({digits[:3]}) {digits[3:6]}-{digits[6:]}" if plain and len(digits) == 10 else number


def row_words(student: Student) -> str:
    """Below the name in a list: "0041 927 365, grade 6"."""
    return ", ".join(filter(None, (grouped(student.state_student_id), grade_name(student.grade))))


def child_cell(student: Student, url: str = "", sub: str = "") -> Cell:
    """The child in a list, linked to its page, or to where else the row leads."""
    url = url or reverse("caseload:student", args=[student.pk])
    return Cell(student.list_name, url, sub or row_words(student))


def id_name(student: Student) -> str:
    """What the state calls its number: LASID, USI, WISEid."""
    return state_profile(Profile(student.state.profile)).student_id_name


def ids(student: Student, jurisdiction: Jurisdiction | None) -> list[Fact]:
    """Every number by which the child is known, and the birth date."""
    known = [Fact(id_name(student), grouped(student.state_student_id))]
    if jurisdiction and jurisdiction.local_student_id:
        known.append(Fact("District ID", jurisdiction.local_student_id))
    return [*known, Fact("Born", student.birth_date)]


def age_and_grade(student: Student, today: date) -> Fact:
    parts = [str(student.age_on(today)), grade_name(student.grade)]
    return Fact("Age and grade", ", ".join(part for part in parts if part))


def responsible(jurisdiction: Jurisdiction | None) -> Fact:
    """The district responsible now; a day in the past says that this was so until then."""
    if jurisdiction is None:
        return Fact("Responsible district", "None")
    since = _until(jurisdiction) if jurisdiction.last_day else f"since {_day(jurisdiction.first_day)}"
    return Fact("Responsible district", str(jurisdiction.district), since)


def short_facts(student: Student, jurisdiction: Jurisdiction | None, site: object, today: date) -> list[Fact]:
    """For the short header of a page where something is done."""
    facts = [Fact(id_name(student), grouped(student.state_student_id)), age_and_grade(student, today)]
    facts += [Fact("At", site)] if site else []
    return facts + ([Fact("Responsible", jurisdiction.district)] if jurisdiction else [])


def _until(jurisdiction: Jurisdiction) -> str:
    return f"until {_day(jurisdiction.last_day)}"


def _day(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"
