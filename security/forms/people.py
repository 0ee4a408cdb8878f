"""What is typed about a new person, and about whom the state names."""

from django import forms

from organizations.models import District
from security.models import User
from security.rules.requests import NAMED_BY_THE_STATE
from security.rules.roles import Role, row_of
from ui.dates import DateInWords


def unspelled() -> forms.TextInput:
    """For names that are typed exactly."""
    return forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"})


class NewAccountForm(forms.Form):
    username = forms.CharField(
        label="Username", max_length=150, help_text="As the person signs in. It stays the same.",
        widget=unspelled(),
        error_messages={"required": "Choose a username."},
    )  # fmt: skip
    first_name = forms.CharField(
        label="First name", max_length=150, error_messages={"required": "Write the first name."}
    )
    last_name = forms.CharField(
        label="Last name", max_length=150, error_messages={"required": "Write the last name."}
    )
    position = forms.CharField(label="Position", max_length=80, required=False, help_text="Such as: teacher")
    district = forms.ModelChoiceField(
        District.objects.none(), label="District", error_messages={"required": "Choose the district."}
    )

    def __init__(self, *args, districts, for_the_state: bool, **options) -> None:
        super().__init__(*args, **options)
        field = self.fields["district"]
        field.queryset, field.required = districts, not for_the_state
        field.empty_label = "None: works for the state" if for_the_state else "Choose one"


class NameRoleForm(forms.Form):
    person = forms.CharField(
        label="Username or staff ID", max_length=150, help_text="The person has an account already.",
        widget=unspelled(),
        error_messages={"required": "Say who it is."},
    )  # fmt: skip
    role = forms.ChoiceField(label="Role", error_messages={"required": "Choose a role."})
    district = forms.ModelChoiceField(
        District.objects.order_by("name"), label="District", required=False, empty_label="The whole state"
    )
    last_day = DateInWords(label="Last day", required=False)
    reason = forms.CharField(
        label="Why", max_length=200, help_text="Kept with your name.",
        error_messages={"required": "Say why: the reason is kept."},
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        titles = [(role.value, row_of(role).title) for role in NAMED_BY_THE_STATE]
        self.fields["role"].choices = [("", "Choose one"), *titles]

    def clean_person(self) -> User:
        typed = self.cleaned_data["person"].strip()
        found = User.objects.filter(username=typed) | User.objects.filter(staff_id=typed.upper())
        if len(people := list(found[:2])) != 1:
            raise forms.ValidationError("No one account has this username or staff ID. Check its spelling.")
        return people[0]

    def named(self) -> dict:
        """The cleaned fields as the verb takes them."""
        typed = dict(self.cleaned_data)
        user = typed.pop("person")
        return typed | {"user": user, "role": Role(typed["role"])}
