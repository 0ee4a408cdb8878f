"""Transition sections of made-up IEPs: every second is whole, the others lack a part."""

from collections.abc import Iterable
from datetime import date

from ieps.models import ChecklistAnswer, Iep, Line, SectionText, TeamAnswer
from organizations.rules.calendar import age_on
from security.models import User

SECTION, PLANS = "TRN", "INS"
AGE = 16
WORDS = {
    "invited": "Invited by letter two weeks before; told the counselor what is planned after school.",
    "pg_education": "After high school, completes the certificate in welding at the technical college.",
    "pg_employment": "After the certificate, works as a welder in a shipyard.",
    "course_of_study": "Career diploma, welding pathway: two periods a day at the career center.",
}
LINES = {
    "assessments": {
        "name": "Interest inventory", "date": "9/1/2026", "result": "Works with metal and tools.",
    },
    "actions": {
        "area": "Education", "action": "Visits the technical college with the counselor.",
        "person": "School counselor", "by": "3/1/2027",
    },
}  # fmt: skip


def write(ieps: Iterable[Iep], author: User, today: date) -> None:
    """Of youth alone; the goals that they name stand in the plan already."""
    youth = [iep for iep in ieps if age_on(today, iep.student.birth_date) >= AGE]
    goals = dict(
        Line.objects.filter(iep__in=youth, section=PLANS, table="")
        .order_by("-place")
        .values_list("iep", "pk")
    )
    for number, iep in enumerate(youth):
        said = dict(WORDS)
        if number % 2:
            said.pop(list(WORDS)[number % len(WORDS)])
        _texts(iep, said, author)
        _lines(iep, author, goals.get(iep.pk))
        _answered(iep, author)


def _texts(iep: Iep, said: dict[str, str], author: User, line: Line | None = None) -> None:
    SectionText.objects.bulk_create(
        SectionText(
            iep=iep, section=SECTION, line=line, field=f"{line.pk}.{field}" if line else field, text=text,
            saved_by=author,
        )
        for field, text in said.items()
    )  # fmt: skip


def _lines(iep: Iep, author: User, goal: int | None) -> None:
    named = {"annual_goal_links": {"goal": str(goal)}} if goal else {}
    for table, said in {**LINES, **named}.items():
        line = Line.objects.create(iep=iep, section=SECTION, table=table, place=1, added_by=author)
        _texts(iep, said, author, line)


def _answered(iep: Iep, author: User) -> None:
    about = {"student_id": iep.student_id, "district_id": iep.district_id, "iep": iep, "by": author}
    ChecklistAnswer.objects.bulk_create(
        [
            ChecklistAnswer(item="goals", answer=TeamAnswer.YES, **about),
            ChecklistAnswer(item="agencies", answer=TeamAnswer.NOT_APPLICABLE, **about),
        ]
    )
