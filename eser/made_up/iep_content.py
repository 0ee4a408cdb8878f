"""What stands in some of the made-up IEPs: a whole year's plan, so that the next one can begin from it."""

from typing import Any

from ieps.models import Iep, Line, SectionText
from security.models import User

FULL = 8
GENERAL = {
    "parent_concerns": "Homework that can be done without tears, and word of a test in good time.",
    "academic_needs": "Reads 62 words a minute in text of grade 4. Loses the thread in longer problems.",
    "impact": "Reads too slowly to follow science and social studies without help.",
    "accessible_formats": "Y", "accessible_formats_text": "Digital text with a voice, in all subjects.",
    "behavior": "N", "lep": "N", "braille": "N", "communication": "N", "at": "Y",
    "at_text": "A screen reader on the school's tablet.",
    "interpreter": "None needed",
}  # fmt: skip
GOALS = (
    {
        "area": "Reading", "criterion": "95 words a minute in 3 of 4 probes", "responsible": "Case manager",
        "plaafp": "Reads 62 words a minute, 94 percent of them right.", "baseline": "62 words a minute",
        "goal": "Given a passage of grade 5, the student will read 95 words a minute, 97 percent right.",
        "method": "Weekly probe of one minute",
    },
    {
        "area": "Math", "criterion": "8 of 10 problems", "responsible": "Case manager",
        "plaafp": "Solves 4 of 10 problems of two steps.", "baseline": "4 of 10",
        "goal": "Given ten problems of two steps, the student will write both steps and solve eight.",
        "method": "A sheet every second week",
    },
)  # fmt: skip
SERVICES = (("SEI", "45", "5", "SPE", "Special education teacher"),
            ("SEI", "30", "2", "REG", "Special education teacher"),
            ("SLP", "30", "2", "SPE", "Speech-language pathologist"))  # fmt: skip
COLUMNS = ("service", "minutes", "sessions", "location", "provider")
PEOPLE = (("Corinne Fontenot", "PAR"), ("Dana Mouton", "SPE"))
PROGRAM = {
    "assessment": "REG", "needed": "N", "total_minutes": "1950",
    "nonparticipation": "Reads in a small group for 45 minutes a day, where it is quiet.",
}  # fmt: skip
SUPPORTS = {
    "staff_support": "An hour with the reading coach each month.",
    "supp_aids": "A copy of the notes.",
}
PLACEMENT = {
    "lre": "RC80",
    "every_weeks": "9",
    "how": "A written report with each report card.",
    "choice": "CON",
}


def write(ieps: list[Iep], author: User) -> None:
    """All of it in the first of these IEPs, before they become official."""
    for iep in ieps[:FULL]:
        whole = {"GSI": GENERAL, "PRG": PROGRAM, "ACC": SUPPORTS, "PLC": PLACEMENT}
        rows = [
            (section, key, None, text) for section, fields in whole.items() for key, text in fields.items()
        ]
        rows += _lines(iep, author, "INS", "", GOALS)
        rows += _lines(iep, author, "PRG", "services", [_service(each) for each in SERVICES])
        rows += _lines(iep, author, "PRG", "regular_classes", [{"class": "Science"}, {"class": "Music"}])
        rows += _lines(iep, author, "GSI", "participants", [_person(*each) for each in PEOPLE])
        SectionText.objects.bulk_create(
            SectionText(iep=iep, section=section, field=key, line=line, text=text, saved_by=author)
            for section, key, line, text in rows
        )


def _lines(iep: Iep, author: User, section: str, table: str, rows: Any) -> list[tuple[str, str, Line, str]]:
    made = Line.objects.bulk_create(
        Line(iep=iep, section=section, table=table, place=place, added_by=author)
        for place, _ in enumerate(rows, 1)
    )
    return [
        (section, f"{line.pk}.{key}", line, text)
        for line, row in zip(made, rows, strict=True)
        for key, text in row.items()
    ]


def _service(cells: tuple[str, ...]) -> dict[str, str]:
    return {**dict(zip(COLUMNS, cells, strict=True)), "recipient": "S", "per": "W"}


def _person(name: str, role: str) -> dict[str, str]:
    return {"name": name, "role": role, "attended": "Y"}
