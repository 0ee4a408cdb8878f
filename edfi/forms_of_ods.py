"""What is typed of a district's own ODS. Whether it may be so is asked by the verbs."""

from django import forms

from edfi.actions.ods import OdsSetup
from edfi.models import DistrictOds, Number


class OdsForm(forms.Form):
    base_url = forms.CharField(
        label="Address",
        help_text="The base address of the ODS. Write {year} where the school year belongs.",
        max_length=200,
        error_messages={"required": "Enter the address of the ODS."},
    )
    key = forms.CharField(
        label="Key", help_text="A key that may read schools, students and their enrollments is enough.",
        max_length=100, error_messages={"required": "Enter the key that was given for the ODS."},
    )  # fmt: skip
    secret = forms.CharField(
        label="Secret", max_length=200, widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Enter the secret that belongs to the key."},
    )  # fmt: skip
    number = forms.ChoiceField(
        label="What the ODS calls a child's unique ID",
        help_text="A child that is not known here by it is refused, unless it is the state's own number.",
        choices=Number.choices,
    )

    def __init__(self, *args, ods: DistrictOds | None = None, **options) -> None:
        if ods:
            options["initial"] = {"base_url": ods.base_url, "key": ods.key, "number": ods.number}
        super().__init__(*args, **options)
        stored = "Empty: the stored one stays." if ods else "Kept encrypted, and never shown again."
        self.fields["secret"].help_text, self.fields["secret"].required = stored, ods is None

    def setup(self) -> OdsSetup:
        return OdsSetup(**self.cleaned_data)
