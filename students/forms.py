"""What is typed about a child itself."""

from django import forms

from students.actions.merge import SHORTEST_REASON


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
