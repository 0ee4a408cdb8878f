"""What is asked before a list leaves the system."""

from django import forms

FORMATS = [("xlsx", "Excel workbook (XLSX)"), ("csv", "Text with commas (CSV)")]


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
