"""What is typed in an IEP."""

from django import forms

from ieps.models.iep import AMENDMENT
from ieps.rules.codes import CodeSet, codes


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


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Kept in the journal, with your name and the time.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is kept in the journal."},
    )
