"""Made-up children with their enrollments; `special_education` adds the records of those who need it.

Everything comes from one seeded sequence, so that every start of the same year makes the same state.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.db import transaction

from enrollment.models import Enrollment, SedsState
from eser.made_up import special_education
from eser.made_up.names import FIRST_BOYS, FIRST_GIRLS, LAST
from eser.made_up.places import SiteRow, district_rows, site_rows
from organizations.models import District, SchoolYear, Site, SiteKind, State
from organizations.rules.calendar import school_year_of
from students.models import Contact, Jurisdiction, PartCHistory, Student

GRADES = ["20", "24", "25", *(f"{n:02}" for n in range(1, 13))]
AGES = {grade: age for age, grade in enumerate(GRADES, start=3)}
IN_SPECIAL_EDUCATION = 0.16
LEFT_THIS_YEAR = 0.03
EXITS = ("1940", "1941", "1943", "1962", "1980", "1984", "2040")
TAUGHT_AT = {SiteKind.PUBLIC: 30, SiteKind.NONPUBLIC: 1, SiteKind.EARLY_CHILDHOOD: 20}


@dataclass(frozen=True)
class Child:
    """A child before it has a row: what the dice said."""

    student: Student
    district: District
    site: Site
    entered: date
    exit_code: str
    left: date | None
    special: bool


@transaction.atomic
def enroll(state: State, today: date) -> int:
    """Fill the state; the number of children made."""
    chance = Random(2026)  # noqa: S311 - made-up data
    districts = {district.code: district for district in District.objects.filter(state=state)}
    sites = {site.code: site for site in Site.objects.filter(state=state)}
    children = [
        _child(chance, state, districts[row.code], sites, number, today)
        for row in district_rows()
        for number in range(row.students)
    ]
    _number(children)
    Student.objects.bulk_create(child.student for child in children)
    _responsible(children)
    Contact.objects.bulk_create(_contact(chance, child) for child in children)
    _enrolled(state, children, today)
    special_education.write(chance, [child for child in children if child.special], today)
    return len(children)


def _child(chance: Random, state: State, district: District, sites, number: int, today: date) -> Child:
    site_code, grade = _site_and_grade(chance, district.code)
    sex = chance.choice("FM")
    year = school_year_of(today).first_day.year
    born = date(year - AGES[grade] - 1, 9, 1) + timedelta(days=chance.randrange(365))
    left = date(year, 8, 10) + timedelta(days=chance.randrange(max((today - date(year, 8, 10)).days, 1)))
    leaves = chance.random() < LEFT_THIS_YEAR
    student = Student(
        state=state,
        last_name=chance.choice(LAST),
        first_name=chance.choice(FIRST_GIRLS if sex == "F" else FIRST_BOYS),
        middle_name=chance.choice([*"ABCDEJLMRST", ""]),
        birth_date=born,
        sex=sex,
        hispanic=chance.random() < 0.12,
        races=chance.choices(["B", "W", "A", "I", "P", "BW"], weights=[42, 44, 4, 2, 1, 7])[0],
        grade=grade,
        home_language=chance.choices(["eng", "spa", "vie", "fre"], weights=[88, 7, 3, 2])[0],
        part_c_history=chance.choices(PartCHistory.values, weights=[8, 72, 20])[0],
    )
    return Child(
        student=student,
        district=district,
        site=sites[site_code],
        entered=date(year - chance.randrange(3), 8, 10),
        exit_code=chance.choice(EXITS) if leaves else "",
        left=left if leaves else None,
        special=chance.random() < IN_SPECIAL_EDUCATION or grade == "20",
    )


def _site_and_grade(chance: Random, district: str) -> tuple[str, str]:
    """A site of the district, weighted by its kind and how many grades it teaches, and one grade of it."""
    rows = [row for row in site_rows() if row.district == district]
    row = chance.choices(rows, weights=[len(_grades(row)) * TAUGHT_AT[row.kind] for row in rows])[0]
    return row.code, chance.choice(_grades(row))


def _grades(row: SiteRow) -> list[str]:
    return GRADES[GRADES.index(row.lowest_grade) : GRADES.index(row.highest_grade) + 1]


def _number(children: list[Child]) -> None:
    for number, child in enumerate(children):
        child.student.state_student_id = f"{41_000_000 + number * 7:010}"
        child.student.edfi_id = str(604_000 + number)


def _responsible(children: list[Child]) -> None:
    Jurisdiction.objects.bulk_create(
        Jurisdiction(
            student=child.student,
            district=child.district,
            site=child.site,
            first_day=child.entered,
            last_day=child.left if child.left and not child.special else None,
            local_student_id=f"{child.district.code}-{child.student.pk:05}",
        )
        for child in children
    )


def _contact(chance: Random, child: Child) -> Contact:
    mother = chance.random() < 0.7
    return Contact(
        student=child.student,
        seq=1,
        relation="MO" if mother else "FA",
        last_name=child.student.last_name,
        first_name=chance.choice(FIRST_GIRLS if mother else FIRST_BOYS),
        city="Cypress",
        region="LA",
        phone=f"555555{chance.randrange(10_000):04}",
    )


def _enrolled(state: State, children: list[Child], today: date) -> None:
    year = SchoolYear.objects.get(state=state, first_day__lte=today, last_day__gte=today)
    calendars = {calendar.district_id: calendar for calendar in year.calendars.all()}
    Enrollment.objects.bulk_create(_enrollment(child, year, calendars, today) for child in children)


def _enrollment(child: Child, year: SchoolYear, calendars, today: date) -> Enrollment:
    return Enrollment(
        student=child.student,
        district=child.district,
        site=child.site,
        school_year=year,
        calendar=calendars[child.district.pk],
        grade=child.student.grade,
        entry_code="1880" if child.special else "1811" if child.site.kind == "NONPUBLIC" else "1800",
        stage=5,
        first_day=child.entered,
        exit_code=child.exit_code,
        effective_exit_code=child.exit_code,
        last_day=child.left,
        documentation_due=child.left + timedelta(days=5)
        if child.exit_code in ("1940", "1941", "1943")
        else None,
        seds_state=_seds_state(child),
    )


def _seds_state(child: Child) -> SedsState:
    if not child.special:
        return SedsState.NOT_ON
    if not child.exit_code:
        return SedsState.ACTIVE
    return SedsState.EXIT_CODED if child.exit_code in ("1940", "1941", "1943") else SedsState.PENDING_PWN
