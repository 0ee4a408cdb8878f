"""Why special education ended, chosen after it has."""

from collections.abc import Iterable

from django import forms

from enrollment.rules.codes import SpedExit


class ExitReasonForm(forms.Form):
    reason = forms.ChoiceField(
        label="Special education ended because of",
        help_text="The federal exit report counts the student under this reason.",
        error_messages={
            "required": "Choose why special education ended.",
            "invalid_choice": "Choose one of the reasons of the state.",
        },
    )  # fmt: skip

    def __init__(self, *args, reasons: Iterable[SpedExit], **options) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].choices = [("", "Choose one"), *((row.code, row.name) for row in reasons)]
