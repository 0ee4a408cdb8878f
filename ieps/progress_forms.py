"""What is typed about progress toward goals."""

from typing import Any

from django import forms
from django.utils import timezone

from ieps.actions import Measured, Progress
from ieps.goals import Goal
from ieps.models import GoalReport, Measurement
from ui.dates import DateInWords

SUFFICIENT = (("yes", "Yes"), ("no", "No"))
NEEDED_TO_ISSUE = ("sufficient", "text")


class MeasurementForm(forms.Form):
    on = DateInWords(label="Day", what="the day of the measurement")
    value = forms.DecimalField(
        label="Value", max_digits=9, decimal_places=2, widget=forms.TextInput(attrs={"class": "e-w-number"}),
        error_messages={"required": "Write what was measured, as a number.", "invalid": "Write a number."},
    )  # fmt: skip
    unit = forms.CharField(
        label="Unit", max_length=40, help_text="What is counted, such as words a minute or percent",
        error_messages={"required": "Say what is counted, such as words a minute or percent."},
    )  # fmt: skip
    method = forms.CharField(label="How it was measured", max_length=120, required=False)
    note = forms.CharField(
        label="Note", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )

    def measured(self) -> Measured:
        return Measured(**self.cleaned_data)


def measurement_form(goal: Goal, values: list[Measurement], data: Any = None) -> MeasurementForm:
    """Begins with today, and with the unit and the method of the last time."""
    last = values[-1] if values else None
    initial = {
        "on": timezone.localdate(),
        "unit": last.unit if last else "",
        "method": last.method if last else goal.method[:120],
    }
    return MeasurementForm(data, initial=initial, auto_id=f"goal{goal.line}_%s")


class ProgressForm(forms.Form):
    """Of one goal in one period; a draft may be incomplete."""

    sufficient = forms.ChoiceField(
        label="Is the progress sufficient to reach the goal by the end of the year?",
        choices=SUFFICIENT, widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(
        label="What the parents are told", max_length=5_000, widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def full_clean(self) -> None:
        """Needed to issue the report, and said so; to save it, nothing is."""
        for name in NEEDED_TO_ISSUE:
            self.fields[name].required = False
        super().full_clean()
        for name in NEEDED_TO_ISSUE:
            self.fields[name].required = True

    def progress(self) -> Progress:
        typed = self.cleaned_data
        sufficient = {"yes": True, "no": False}.get(typed["sufficient"])
        return Progress(sufficient, typed["text"], typed["seen"] or 0)


def progress_form(goal: Goal, row: GoalReport | None, data: Any = None) -> ProgressForm:
    initial: dict[str, object] = {"seen": 0}
    if row:
        sufficient = {True: "yes", False: "no"}.get(row.sufficient, "")
        initial = {"sufficient": sufficient, "text": row.text, "seen": row.version}
    return ProgressForm(data, initial=initial, prefix=f"goal{goal.line}")
