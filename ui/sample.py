"""Made-up content for the gallery: every child, adult and place here is invented."""

from datetime import UTC, date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest

from ui.charts import Bar, Lane, Point, Span
from ui.dates import DateInWords
from ui.lists import Column, Filter, ListState, take
from ui.parts import (
    Cell,
    Phase,
    Status,
    Way,
)
from ui.sample_records import editor, student

TODAY = date(2026, 9, 17)
TEN_42 = datetime(2026, 9, 17, 15, 42, tzinfo=UTC)


class ExitForm(forms.Form):
    """Stands for any form: each kind of control once."""

    last_day = DateInWords(what="the last day attended", label="Last day attended")
    school = forms.CharField(
        label="Name and country of the new school",
        help_text="As the family or the school told you",
        required=False,
    )
    kind = forms.ChoiceField(
        label="Kind of school", choices=[("", "Choose one"), ("public", "Public"), ("nonpublic", "Nonpublic")]
    )
    learned = forms.CharField(
        label="How do you know?",
        help_text="Who told you, when, and what you did to reach the family",
        widget=forms.Textarea,
        error_messages={"required": "Say who told you, and when."},
    )
    informed = forms.ChoiceField(
        label="Who was informed?",
        choices=[("mother", "Mother"), ("father", "Father")],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose who was informed."},
    )
    papers = forms.MultipleChoiceField(
        label="Papers at hand",
        choices=[("letter", "Letter of the parent"), ("request", "Records request")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="All that you have",
    )
    letter = forms.FileField(label="Document", help_text="PDF or picture, up to 25 MB", required=False)
    certain = forms.BooleanField(label="I have checked the date with the family", required=False)


STUDENTS = [
    (
        "Theo Nguyen",
        "Grade 10, Heron High",
        "Initial IEP",
        "Report disseminated Aug 14 + 30 calendar days",
        13,
    ),
    (
        "Kiara Batiste",
        "Grade 3, Bayou Vista Elementary",
        "Annual IEP review",
        "Meeting Sep 15, 2025 + 1 year",
        15,
    ),
    ("Isaiah Broussard", "Grade 11, Heron High", "Notice before a change", "10 days before Sep 28", 18),
    ("Elodie Hebert", "Grade 8, Cypress Middle", "Three-year reevaluation", "Sep 21, 2023 + 3 years", 21),
    (
        "Levi Arceneaux",
        "Grade 4, Bayou Vista Elementary",
        "Annual IEP review",
        "Meeting Sep 28, 2025 + 1 year",
        28,
    ),
]
DUE_COLUMNS = (
    Column("student", "Student"),
    Column("what", "What is due"),
    Column("due", "Due", sort="due"),
    Column("next", "Next step"),
)
USER_COLUMNS = (
    Column("name", "Name", sort="name"),
    Column("role", "Role and places", sort="role"),
    Column("forms", "IEP Forms"),
    Column("assurance", "Assurance 2026-27"),
    Column("students", "Students", sort="students", numeric=True),
    Column("seen", "Last sign-in", sort="seen"),
)
USER_FILTERS = (
    Filter("q", "Name or staff ID", wide=True),
    Filter("role", "Role", choices=(("", "Any"), ("author", "IEP author"), ("provider", "Service provider"))),
)
USERS = [
    {
        "name": Cell(name, url="#user", sub=f"Teacher, staff 20{n}"),
        "role": Cell("IEP author", sub=place),
        "forms": True,
        "assurance": Cell(status=Status(tone, words)),
        "students": n * 11,
        "seen": date(2026, 9, 16),
    }
    for n, (name, place, tone, words) in enumerate(
        [
            ("Amédée, Kofi", "Cypress Middle", "good", "signed Aug 4"),
            ("Guillot, Prosper", "Heron High", "bad", "not signed, sees no data"),
            ("Savoie, Renée", "Cypress Middle", "warn", "new text to sign by Oct 1"),
        ],
        start=115,
    )
]


def due_rows() -> list[dict[str, Any]]:
    keys = ("student", "place", "what", "why")
    return [dict(zip(keys, row, strict=False), due=date(2026, 9, row[4])) for row in STUDENTS]


def lists(request: HttpRequest) -> dict[str, object]:
    state = ListState.read(request.GET, USER_COLUMNS, filters=USER_FILTERS, default_sort="name")
    due_state = ListState.read(request.GET, DUE_COLUMNS, filters=[Filter("kind", "Kind")], default_sort="due")
    rows = due_rows()
    return {
        "due_state": due_state,
        "overdue": [row for row in rows if row["due"] < TODAY],
        "this_week": [row for row in rows if row["due"] >= TODAY],
        "due_chips": due_state.chips(
            "kind", [("", "All", 22), ("iep", "IEP", 11), ("evaluation", "Evaluation", 6)]
        ),
        "users": take(USERS, state, count=63),
        "user_state": state,
    }


def charts() -> dict[str, object]:
    weeks = [
        ("late", 3, "bad"),
        ("Sep 17", 5, "accent"),
        ("24", 2, "soft"),
        ("Oct 1", 4, "soft"),
        ("8", 0, "soft"),
    ]
    return {
        "weeks": [Bar(*week) for week in weeks],
        "settled": [Point("Oct 1", 1842), Point("Oct 15", 1845), Point("Nov 1", 1842), Point("Jan 15", 1839)],
        "lanes": [
            Lane(
                "Enrollment",
                [
                    Span(date(2023, 8, 14), date(2026, 5, 22), "Bayou Vista Elementary"),
                    Span(date(2026, 8, 10), None, "Cypress Middle", "accent"),
                ],
            ),
            Lane(
                "Evaluation", [Span(date(2024, 5, 20), date(2027, 5, 20), "Valid to May 20, 2027", "quiet")]
            ),
            Lane("IEP", [Span(date(2025, 9, 22), date(2026, 9, 21), "Current IEP", "accent")]),
            Lane("Notices", moments=[date(2024, 2, 26), date(2025, 9, 8), date(2026, 9, 11)]),
        ],
        "lanes_text": "Spans from August 2023 to August 2027. Enrollment: Bayou Vista to May 2026, "
        "Cypress Middle from August 2026. Evaluation valid to May 20, 2027. IEP ends Sep 21, 2026.",
        "lanes_first": date(2023, 8, 14),
        "lanes_last": date(2027, 8, 14),
        "inks": [("bad", "Needs a person"), ("soft", "Waits for another record")],
    }


def everything(request: HttpRequest) -> dict[str, object]:
    form = ExitForm({"last_day": "9/31/2026", "school": "Instituto San Rafael", "kind": "public"})
    good_form = ExitForm({"last_day": "9/4/2026", "informed": "mother"}, auto_id="good_%s")
    return {
        "form": form,
        "good_form": good_form,
        "today": TODAY,
        "ten_42": TEN_42,
        "phases": [
            Phase("Freeze", "done", "Jul 24, 11:59 pm"),
            Phase("Load", "done", "10:31 am"),
            Phase("Reconcile", "now", "running"),
            Phase("Sign off", "todo", "3 signatures"),
        ],
        "ways": [
            Way(
                "Ask a coordinator.",
                "Solange Fuselier and Marcus Ledet can lock it.",
                "#ask",
                "Send it to them",
                "people",
            ),
            Way("Finish what is missing first.", "2 components have no report date.", icon="edit"),
        ],
        **lists(request),
        **charts(),
        **student(),
        **editor(),
    }
