"""What is typed for a whole school at the end of a year: for all, and for each child that differs."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils import timezone

from enrollment.actions.year_end import ForAll, ForOne
from enrollment.facts import profile_of
from enrollment.forms.entry_exit import CODE_ID, EntryForm
from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.year_end import Then
from organizations.models import District, Site
from ui.dates import DateInWords

GRADES = [
    (Then.NEXT_GRADE.value, "Each in the next grade"),
    (Then.SAME_GRADE.value, "Each in the same grade"),
]
FOR_ONE = [
    (Then.AS_ALL.value, "As all"),
    (Then.LEFT_OUT.value, "Left out"),
    (Then.SAME_GRADE.value, "Enters again in the same grade"),
    (Then.NEXT_GRADE.value, "Enters again in the next grade"),
    (Then.LEAVES.value, "Does not enter again"),
]


class EnterAgainForm(forms.Form):
    """The entry of the next year, for children who have left already."""

    again = forms.BooleanField(label="They enter again", required=False)
    entry_site = forms.ChoiceField(label="At", required=False)
    grade = forms.ChoiceField(label="Grade", choices=GRADES, widget=forms.RadioSelect, initial="next")
    first_day = DateInWords(
        what="the first day of the next enrollment", label="First day", required=False,
        help_text="Of the next enrollment, such as Aug 16, 2027",
    )  # fmt: skip
    entry_code = forms.ChoiceField(label="Entry code", required=False)
    forms_received_on = DateInWords(label="Enrollment forms received", required=False)
    agreement_received_on = DateInWords(label="Letter of enrollment agreement received", required=False)
    first_attended = DateInWords(label="First day attended", required=False)

    def __init__(self, *args, district: District, sites: Sequence[Site], **options) -> None:
        super().__init__(*args, **options)
        self.sites = {str(site.pk): site for site in sites}
        codes = codes_for(profile_of(district), Kind.ENTRY, timezone.localdate())
        self.fields["entry_site"].choices = [(pk, site.name) for pk, site in self.sites.items()]
        self.fields["entry_code"].choices = [("", "Choose one"), *((row.code, str(row)) for row in codes)]
        self.fields["entry_code"].help_text = "Needed when they enter again"
        for name, asking in EntryForm.papers_asked(district).items():
            self.fields[name].help_text = f"Needed with code {', '.join(asking)}"
            if not asking:
                del self.fields[name]

    def clean(self) -> dict:
        typed = super().clean()
        if typed.get("again"):
            for name, missing in (
                ("entry_code", "Choose the entry code."),
                ("first_day", "Give the first day."),
            ):
                if not typed.get(name) and name not in self.errors:
                    self.add_error(name, missing)
        return typed

    def for_all(self) -> ForAll:
        typed = self.cleaned_data
        again = bool(typed["again"])
        papers = ("forms_received_on", "agreement_received_on", "first_attended")
        return ForAll(
            exit_code=typed.get("code", ""), last_day=typed.get("last_day"),
            how_known=typed.get("how_known", ""),
            entry_code=typed["entry_code"] if again else "", first_day=typed["first_day"] if again else None,
            site=self.sites.get(typed["entry_site"]) if again else None, grade=Then(typed["grade"]),
            papers={name: typed[name] for name in papers if typed.get(name)},
        )  # fmt: skip


class LeaveForm(EnterAgainForm):
    """The exit at the end of the year, and the entry behind it where one is wanted."""

    last_day = DateInWords(what="the last day attended, such as May 21", label="Last day attended")
    code = forms.CharField(
        label="Exit code", max_length=6, widget=forms.TextInput(attrs={"id": CODE_ID}),
        error_messages={"required": "Choose the code that says why they leave."},
    )  # fmt: skip
    how_known = forms.CharField(
        label="How do you know?", max_length=4000, widget=forms.Textarea(attrs={"rows": 2}), strip=True,
        error_messages={"required": "Say how it is known, such as “end of the school year”."},
    )  # fmt: skip
    field_order = ["last_day", "code", "how_known"]

    def clean(self) -> dict:
        typed = super().clean()
        last, first = typed.get("last_day"), typed.get("first_day")
        if typed.get("again") and last and first and first <= last:
            self.add_error("first_day", "They enter again after their last day: give a later one.")
        return typed


def said_of_each(data: dict, enrollments: Iterable[tuple[int, str]]) -> dict[int, ForOne]:
    """The exceptions as posted: `then_<id>` and `code_<id>`, or `grade_<grade>` for all of one grade.

    `enrollments`: id and grade. What is not on offer counts as not said.
    """
    offered = {value for value, _ in FOR_ONE}
    said = {}
    for pk, grade in enrollments:
        then = data.get(f"then_{pk}", "") or data.get(f"grade_{grade}", "")
        then = Then(then) if then in offered else Then.AS_ALL
        said[pk] = ForOne(then, data.get(f"code_{pk}", "").strip()[:6])
    return said
