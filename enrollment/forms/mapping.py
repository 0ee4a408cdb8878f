"""What is typed when a district says what its codes mean, and when it sends a feed."""

from django import forms

from enrollment.forms.entry_exit import CODE_ID
from enrollment.rules.mapping import LONGEST_CODE, LONGEST_NAME

LARGEST = 500_000  # bytes of a mapping file


class LocalCodeForm(forms.Form):
    code = forms.CharField(
        label="Your code", max_length=LONGEST_CODE,
        error_messages={"required": "Enter the code as your system writes it."},
    )  # fmt: skip
    name = forms.CharField(label="What you call it", max_length=LONGEST_NAME, required=False)
    state_code = forms.CharField(
        label="State code", max_length=6, widget=forms.TextInput(attrs={"id": CODE_ID}),
        error_messages={"required": "Choose the state code that it means."},
    )  # fmt: skip


class MappingFileForm(forms.Form):
    file = forms.FileField(
        label="Mapping", help_text="CSV in UTF-8 with the columns kind, local_code, local_name, state_code",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose the file.", "empty": "The file is empty. Export it again."},
    )  # fmt: skip

    def clean_file(self):
        """Never cut: half a mapping is no mapping."""
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(
                f"The file has {file.size:,} bytes, and a mapping at most {LARGEST:,}."
                " Is this the right file?"
            )
        return file


class FeedForm(forms.Form):
    file = forms.FileField(
        label="Feed", help_text="One CSV in UTF-8, or the files of OneRoster 1.2 in one ZIP",
        widget=forms.FileInput(attrs={"accept": ".csv,.zip,text/csv,application/zip"}),
        error_messages={"required": "Choose the file.", "empty": "The file is empty. Export it again."},
    )  # fmt: skip


class ReasonForm(forms.Form):
    reason = forms.CharField(label="Reason", max_length=200, required=False)
