"""What is typed about counts. Whether it may be so is asked by the verbs."""

from collections.abc import Iterable

from django import forms

from organizations.models import District
from reports.forms import ExportForm
from reports.models import Kind
from reports.rules.federal.records import EXPLANATION_LENGTH, Form
from ui.dates import DateInWords

KINDS = [(kind.value, kind.label.capitalize()) for kind in Kind]
FORMS = [
    (Form.CSV, "Text with commas (CSV)"), (Form.TAB, "Text with tabs (TAB)"),
    (Form.FIXED, "Fixed positions (TXT)"),
]  # fmt: skip


class FreezeForm(forms.Form):
    """`districts` are those whose count this person may freeze."""

    district = forms.ModelChoiceField(
        District.objects.none(), label="District", error_messages={"required": "Choose a district."}
    )
    kind = forms.ChoiceField(label="What is counted", choices=KINDS)
    day = DateInWords(
        what="the count date, such as Oct 1",
        label="Count date",
        help_text="For exits: any day of a school year that is over.",
    )

    def __init__(self, *args, districts: Iterable[int], **options) -> None:
        super().__init__(*args, **options)
        self.fields["district"].queryset = District.objects.filter(pk__in=districts).select_related("state")


class ReopenForm(forms.Form):
    reason = forms.CharField(
        label="Why is the count reopened?",
        max_length=300,
        error_messages={"required": "Say in a few words why the count is reopened."},
    )


class CommentForm(forms.Form):
    cell = forms.ChoiceField(label="Cell", error_messages={"required": "Choose a cell."})
    words = forms.CharField(
        label="Why it changed",
        help_text="It stands in the file as the explanation. Name nobody.",
        max_length=EXPLANATION_LENGTH,
        error_messages={"required": "Write why it changed."},
    )

    def __init__(self, *args, cells: list[tuple[str, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["cell"].choices = cells


class FileForm(forms.Form):
    """`files`: pairs of specification and level, such as "FS002-LEA"."""

    file = forms.ChoiceField(label="File", error_messages={"required": "Choose a file."})
    format = forms.ChoiceField(
        label="Format",
        choices=FORMS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose a format."},
    )

    def __init__(self, *args, files: list[tuple[str, str]], **options) -> None:
        super().__init__(*args, **options)
        self.fields["file"].choices = files
        self.fields["reason"] = _reason()


def _reason() -> forms.Field:
    return ExportForm.base_fields["reason"]
