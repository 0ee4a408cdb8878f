"""What is typed in an IEP."""

from django import forms

from ieps.carried import Offered
from ieps.models.iep import AMENDMENT
from ieps.rules.codes import CodeSet, codes
from ieps.rules.print_words import ENGLISH, LANGUAGES


def choices(code_set: CodeSet) -> list[tuple[str, str]]:
    offered = [row for row in codes(code_set) if getattr(row, "for_new_ieps", True)]
    return [(row.code, f"{row.code} {row.name}") for row in offered]


class DraftForm(forms.Form):
    kind = forms.ChoiceField(
        label="Type of IEP", widget=forms.RadioSelect, error_messages={"required": "Choose the type of IEP."}
    )
    category = forms.ChoiceField(label="Category", widget=forms.RadioSelect, initial="REG")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = [one for one in choices(CodeSet.IEP_TYPE) if one[0] != AMENDMENT]
        self.fields["category"].choices = choices(CodeSet.IEP_CATEGORY)


class CarryForm(forms.Form):
    """Which sections and goals of the earlier IEP are taken over; everything, unless somebody chooses."""

    sections = forms.MultipleChoiceField(
        label="Sections", required=False, widget=forms.CheckboxSelectMultiple
    )
    goals = forms.TypedMultipleChoiceField(
        label="Goals that go on", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, offered: list[Offered], *args, **options) -> None:
        super().__init__(*args, **options)
        goals = [(each.number, each.title) for each in offered if each.number]
        whole = [(each.section, _counted(each)) for each in offered if not each.number]
        for name, choices in (("sections", whole), ("goals", goals)):
            self.fields[name].choices = choices
            self.fields[name].initial = [value for value, _ in choices]
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, object]:
        chosen = super().clean() or {}
        if not (chosen.get("sections") or chosen.get("goals")):
            raise forms.ValidationError("Choose a section or a goal, or leave without taking anything over.")
        return chosen


def _counted(each: Offered) -> str:
    return f"{each.title} ({each.count} field{'' if each.count == 1 else 's'})"


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Kept in the journal, with your name and the time.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is kept in the journal."},
    )


class PrintForm(forms.Form):
    """`whose`: which IEPs this person may take away, as choices."""

    whose = forms.ChoiceField(label="Whose IEPs?", widget=forms.RadioSelect)
    state = forms.ChoiceField(
        label="Which of them?",
        choices=[("official", "Official IEPs"), ("drafts", "Drafts")],
        widget=forms.RadioSelect,
        initial="official",
    )
    language = forms.ChoiceField(
        label="Headings in", choices=list(LANGUAGES.items()), widget=forms.RadioSelect, initial=ENGLISH
    )
    reason = forms.CharField(
        label="What do you need them for?",
        help_text="A few words, such as “copies for the parents”. They are kept in the journal.",
        min_length=5,
        max_length=200,
        error_messages={
            "required": "Say what you need the file for.",
            "min_length": "Say it in a few words, so that it can be understood later.",
        },
    )

    def __init__(self, *args, whose: list[tuple[str, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["whose"].choices = whose
        self.fields["whose"].initial = whose[0][0]
