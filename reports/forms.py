"""What is asked before a list leaves the system."""

from decimal import Decimal
from typing import Any

from django import forms

from organizations.models import District
from reports.models import Every
from reports.rules.post_school import Outcome
from ui.dates import DateInWords

FORMATS = [("xlsx", "Excel workbook (XLSX)"), ("csv", "Text with commas (CSV)")]


class OutcomeForm(forms.Form):
    outcome = forms.ChoiceField(
        label="The youth is", choices=[(each.name, each.value) for each in Outcome],
        widget=forms.RadioSelect, error_messages={"required": "Choose what the youth answered."},
    )  # fmt: skip
    on = DateInWords(
        what="the day of the answer, such as May 4", label="Answered on",
        help_text="Without an answer: the day on which the state or district stopped asking.",
    )  # fmt: skip


class DisproportionalityForm(forms.Form):
    threshold = forms.DecimalField(
        label="Threshold", required=False, min_value=Decimal("1.01"), max_value=99, max_digits=5,
        decimal_places=2,
        help_text="The ratio above which a district stands out. Leave it empty while it is not decided.",
    )  # fmt: skip
    cell_size = forms.IntegerField(
        label="Smallest number of children with the outcome", min_value=1, max_value=100,
        help_text="Up to 10 is presumed reasonable (34 CFR 300.647(b)(1)).",
    )  # fmt: skip
    n_size = forms.IntegerField(
        label="Smallest number of children in the group", min_value=1, max_value=500,
        help_text="Up to 30 is presumed reasonable.",
    )  # fmt: skip
    years = forms.IntegerField(label="Years in a row", min_value=1, max_value=3, help_text="At most three.")


class ExportForm(forms.Form):
    reason = forms.CharField(
        label="What do you need it for?",
        help_text="A few words, such as “child count check”. They are kept in the journal.",
        min_length=5,
        max_length=200,
        error_messages={
            "required": "Say what you need the file for.",
            "min_length": "Say it in a few words, so that it can be understood later.",
        },
    )
    format = forms.ChoiceField(
        label="Format",
        choices=FORMATS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a format.", "invalid_choice": "Choose XLSX or CSV."},
    )
    bom = forms.BooleanField(
        label="Mark the CSV file as UTF-8 for Excel",
        required=False,
        help_text="Without it Excel may garble é and ñ.",
    )


class ReportForm(forms.Form):
    """A saved report: its name, who sees it, and whether its file is made again by itself."""

    name = forms.CharField(
        label="Name",
        max_length=80,
        help_text="Such as “Evaluations due, by school”. No student’s name: others may read it.",
        error_messages={"required": "Give the report a name."},
    )
    district = forms.ModelChoiceField(
        District.objects.none(),
        label="Who sees it",
        required=False,
        empty_label="Only me",
        help_text="Whoever opens it sees the students of their own schools, not yours.",
    )
    every = forms.ChoiceField(
        label="Make its file by itself",
        choices=[("", "No"), *((one.value, one.label.capitalize()) for one in Every)],
        required=False,
        help_text="The file waits under Jobs for 7 days. It holds what you may take away on that day.",
    )
    format = forms.ChoiceField(label="Format", choices=FORMATS, widget=forms.RadioSelect, required=False)
    bom = forms.BooleanField(label="Mark the CSV file as UTF-8 for Excel", required=False)
    reason = forms.CharField(
        label="What do you need the files for?",
        required=False,
        min_length=5,
        max_length=200,
        help_text="Only where the file is made by itself. It is kept in the journal.",
        error_messages={"min_length": "Say it in a few words, so that it can be understood later."},
    )
    by_email = forms.BooleanField(
        label="Tell me by e-mail too",
        required=False,
        help_text="That a file is ready, and a link. No student, school or report is named.",
    )

    def __init__(self, *args: Any, districts: Any, may_export: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = districts
        if not may_export:
            for name in ("every", "format", "bom", "reason", "by_email"):
                del self.fields[name]

    def clean_format(self) -> str:
        return self.cleaned_data["format"] or "xlsx"


class DecisionForm(forms.Form):
    words = forms.CharField(
        label="Why it is refused",
        required=False,
        max_length=200,
        help_text="Who asked reads it. Not needed when you approve.",
    )
