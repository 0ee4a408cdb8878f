"""What is typed about a child itself."""

from django import forms

from students.actions.merge import SHORTEST_REASON
from students.rules.part_c import EarlyIntervention
from ui.dates import DateInWords


class MergeForm(forms.Form):
    """`goes_on` is the record that is kept; `key` that of the plan that the person looked at."""

    goes_on = forms.IntegerField(widget=forms.HiddenInput)
    key = forms.CharField(widget=forms.HiddenInput, required=False)
    reason = forms.CharField(
        label="How do you know that this is one child?", max_length=300, widget=forms.Textarea,
        help_text="Such as the birth certificate, or who told you",
        error_messages={"required": "Say how you know that this is one child."}, min_length=SHORTEST_REASON,
    )  # fmt: skip
    checked = forms.BooleanField(label="I have checked: this is one child", required=False)


class PartCForm(forms.Form):
    """What is known of early intervention; both days may be unknown."""

    served = forms.ChoiceField(
        label="Was the child ever served in early intervention?", widget=forms.RadioSelect,
        choices=[("yes", "Yes"), ("no", "No")], error_messages={"required": "Choose yes or no."},
    )  # fmt: skip
    since = DateInWords(
        label="Referred to early intervention", what="the day of the referral", required=False,
        help_text="The day on which the child was referred to Part C, if it is known",
    )  # fmt: skip
    continued_on = DateInWords(
        label="Parents chose to go on with it after the third birthday", what="the day on which they chose",
        required=False, help_text="Only where the state offers it: the day on which they chose",
    )  # fmt: skip
    how = forms.CharField(
        label="How do you know?", max_length=300, error_messages={"required": "Say how it is known."}
    )

    def known(self) -> EarlyIntervention:
        typed = self.cleaned_data
        return EarlyIntervention(
            served=typed["served"] == "yes", since=typed["since"], continued_on=typed["continued_on"]
        )
