"""What is asked before a list leaves the system."""

from decimal import Decimal

from django import forms

FORMATS = [("xlsx", "Excel workbook (XLSX)"), ("csv", "Text with commas (CSV)")]


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
