"""What is typed of a connection. Whether it may be so is asked by the verbs."""

from django import forms

from edfi.actions.configure import Setup, Year
from edfi.models import Connection, Nightly
from edfi.rules.facts import (
    DeleteOrder,
    EditPolicy,
    FuturePolicy,
    IdeaPolicy,
    Profile,
    UnmappedPolicy,
    YearPolicy,
)
from edfi.rules.records import PARTICIPATION, SEORA, SSEPEA
from organizations.models import District, State
from ui.dates import DateInWords

PROFILES = [
    (Profile.PUBLIC, "Public Only"),
    (Profile.CHOICE, "Choice"),
    (Profile.CHOICE_PRIVATE, "Choice + Private Opt In"),
]
YEAR_POLICIES = [
    (YearPolicy.CONSENT, "The day of the consent"),
    (YearPolicy.DETERMINATION, "The day of the determination"),
]
IDEA_POLICIES = [
    (IdeaPolicy.OFFICIAL_IEP, "An official IEP in the school year"),
    (IdeaPolicy.OUTCOME, "The outcome of the evaluation"),
]
FUTURE_POLICIES = [
    (FuturePolicy.HOLD, "Wait until that day"),
    (FuturePolicy.SEND_INCOMPLETE, "Send the record as not complete"),
]
NAMESPACES = {
    SSEPEA: "eligibility_namespace",
    SEORA: "responsibility_namespace",
    PARTICIPATION: "program_namespace",
}
EDIT_POLICIES = [
    (EditPolicy.POST, "It is sent again, and replaces what is there"),
    (EditPolicy.DELETE_AND_POST, "It is deleted and sent anew"),
]
DELETE_ORDERS = [
    (DeleteOrder.ELIGIBILITY_FIRST, "The eligibility record first, as Ed-Fi servers ask for it"),
    (DeleteOrder.RESPONSIBILITY_FIRST, "The responsibility record first, for servers that take it"),
]
UNMAPPED_POLICIES = [
    (UnmappedPolicy.HOLD, "Hold the record until somebody maps the code"),
    (UnmappedPolicy.LEAVE_OUT, "Send the record without it, with a warning"),
]


class ConnectionForm(forms.Form):
    name = forms.CharField(
        label="Name",
        help_text="As it is called here, such as State Ed-Fi API",
        max_length=80,
        error_messages={"required": "Give the connection a name."},
    )
    base_url = forms.CharField(
        label="Address",
        help_text="The base address that the state gave. Write {year} where the school year belongs.",
        max_length=200,
        error_messages={"required": "Enter the address of the API."},
    )
    key = forms.CharField(
        label="Key", max_length=100, error_messages={"required": "Enter the key that the state gave."}
    )
    secret = forms.CharField(
        label="Secret",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    profile = forms.ChoiceField(
        label="Profile", help_text="Only Public Only sends eligibility records.", choices=PROFILES
    )
    year_policy = forms.ChoiceField(label="What decides the school year", choices=YEAR_POLICIES)
    idea_policy = forms.ChoiceField(label="What makes a child eligible at the state", choices=IDEA_POLICIES)
    future_policy = forms.ChoiceField(label="When the determination lies ahead", choices=FUTURE_POLICIES)
    edit_policy = forms.ChoiceField(label="When an eligibility record changes", choices=EDIT_POLICIES)
    delete_order = forms.ChoiceField(
        label="When both records of a child who was only evaluated are deleted",
        choices=DELETE_ORDERS,
    )
    nightly = forms.ChoiceField(
        label="Every night",
        help_text="Records that nothing here explains are never deleted without a person.",
        choices=Nightly.choices,
        required=False,
    )
    delete_percent = forms.IntegerField(
        label="Deletions that need their number typed, in percent",
        help_text="Of the records at the state. Fewer need the button only.",
        min_value=0,
        max_value=100,
        required=False,
    )
    unmapped_policy = forms.ChoiceField(
        label="When a code of a program record has no state value", choices=UNMAPPED_POLICIES
    )
    program_education_organization_id = forms.IntegerField(
        label="Program's organization",
        help_text="Empty: the state's own number.",
        required=False,
        min_value=1,
    )
    eligibility_namespace = forms.CharField(
        label="Part of the address for eligibility records", initial="ed-fi", max_length=40
    )
    responsibility_namespace = forms.CharField(
        label="Part of the address for responsibility records", initial="ed-fi", max_length=40
    )
    program_namespace = forms.CharField(
        label="Part of the address for program records", initial="ed-fi", max_length=40
    )

    def __init__(self, *args, connection: Connection | None = None, **options) -> None:
        if connection:
            options["initial"] = initial_of(connection)
        super().__init__(*args, **options)
        stored = "Empty: the stored one stays." if connection else "Kept encrypted, and never shown again."
        self.fields["secret"].help_text = stored

    def setup(self) -> Setup:
        typed = dict(self.cleaned_data)
        spaces = {resource: typed.pop(name) for resource, name in NAMESPACES.items()}
        typed["nightly"] = typed["nightly"] or Nightly.MEND
        if typed["delete_percent"] is None:
            typed.pop("delete_percent")
        for other in ("state", "district"):
            typed.pop(other, None)
        return Setup(**typed, namespaces={name: space for name, space in spaces.items() if space != "ed-fi"})


class NewConnectionForm(ConnectionForm):
    """`places`: the states and districts for which this person may set one up."""

    state = forms.ModelChoiceField(State.objects.none(), label="State", empty_label=None)
    district = forms.ModelChoiceField(District.objects.none(), label="District", required=False)
    field_order = ["state", "district", "name"]

    def __init__(self, states, districts, whole_state: bool, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["state"].queryset, self.fields["district"].queryset = states, districts
        self.fields["district"].required = not whole_state
        self.fields["district"].empty_label = "The whole state" if whole_state else None


class ResyncForm(forms.Form):
    resources = forms.MultipleChoiceField(
        label="Which records",
        choices=[
            (SSEPEA, "Eligibility records"),
            (SEORA, "Responsibility records"),
            (PARTICIPATION, "Program records"),
        ],
        initial=[SSEPEA, SEORA, PARTICIPATION],
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one kind of record."},
    )


class SendForm(forms.Form):
    typed = forms.CharField(label="How many records are deleted", max_length=20, required=False)


class YearForm(forms.Form):
    school_year = forms.IntegerField(
        label="School year", help_text="The year in which it ends: 2027 for 2026-27.", min_value=2000,
        max_value=2100,
    )  # fmt: skip
    first_day = DateInWords(label="First day", help_text="Empty: July 1.", required=False)
    last_day = DateInWords(label="Last day", help_text="Empty: June 30.", required=False)
    send_eligibility = forms.BooleanField(label="Send eligibility records", required=False, initial=True)
    send_responsibility = forms.BooleanField(
        label="Send responsibility records", required=False, initial=True
    )
    send_programs = forms.BooleanField(label="Send program records of official IEPs", required=False)

    def year(self) -> Year:
        return Year(**self.cleaned_data)


class MappingForm(forms.Form):
    descriptor = forms.CharField(max_length=60, widget=forms.HiddenInput)
    local_code = forms.CharField(max_length=30, widget=forms.HiddenInput)
    uri = forms.CharField(label="State value", max_length=306, required=False)


def initial_of(connection: Connection) -> dict[str, object]:
    names = ("name", "base_url", "key", "profile", "year_policy", "idea_policy", "future_policy")
    names += ("edit_policy", "delete_order", "nightly", "delete_percent", "unmapped_policy")
    values = {name: getattr(connection, name) for name in names}
    return {
        **values,
        "program_education_organization_id": connection.program_education_organization_id,
        **{name: connection.namespaces.get(resource, "ed-fi") for resource, name in NAMESPACES.items()},
    }
