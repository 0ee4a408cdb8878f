"""What is typed in the access life: asking, deciding, designating, recording, signing."""

from collections.abc import Iterable

from django import forms

from organizations.models import District, Site
from security.models import AccessSettings, Resolution, User
from security.rules.requests import roles_to_ask_for
from security.rules.roles import Role, row_of
from ui.dates import DateInWords

FILE_HINT = "PDF, Word or a scan. It can be added later by recording again."


def reason_field(hint: str) -> forms.CharField:
    return forms.CharField(
        label="Reason",
        max_length=200,
        help_text=hint,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why."},
    )


class SignForm(forms.Form):
    """`text` is the version that was read."""

    text = forms.IntegerField(widget=forms.HiddenInput)
    typed_name = forms.CharField(
        label="Your name, typed as your signature",
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": "Type your name to sign."},
    )


class StaffIdForm(forms.Form):
    staff_id = forms.CharField(
        label="Staff ID",
        max_length=20,
        help_text="On your badge, or from your personnel office. 3 to 10 digits or letters.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type your staff ID."},
    )


class ResolveForm(forms.Form):
    resolution = forms.ChoiceField(
        label="The staff ID",
        choices=Resolution.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose whose it is."},
    )
    reason = reason_field("Kept with your name. For example: the personnel office confirms it.")


class AskForm(forms.Form):
    role = forms.ChoiceField(label="What you need to do", error_messages={"required": "Choose a role."})
    places = forms.MultipleChoiceField(
        label="Where",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one place."},
    )
    iep_forms = forms.BooleanField(
        label="IEP Forms: I write in IEPs",
        required=False,
        help_text="A permission of its own. It can be ended while the role goes on.",
    )
    reason = forms.CharField(
        label="What you need the access for",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Two people read this before they decide. Name no student.",
        error_messages={"required": "Say what you need the access for."},
    )

    def __init__(self, *args, district: District, sites: Iterable[Site], **options) -> None:
        super().__init__(*args, **options)
        titles = [(role.value, row_of(role).title) for role in roles_to_ask_for()]
        self.fields["role"].choices = [("", "Choose one"), *sorted(titles, key=lambda choice: choice[1])]
        self.offered = {f"district-{district.pk}": district} | {f"site-{site.pk}": site for site in sites}
        whole = (f"district-{district.pk}", f"All of {district}")
        self.fields["places"].choices = [whole, *self._site_choices()]

    def _site_choices(self) -> list[tuple[str, str]]:
        sites = ((key, place) for key, place in self.offered.items() if isinstance(place, Site))
        return [
            (key, site.name if site.district_id else f"{site.name}, {site.get_kind_display()}")
            for key, site in sites
        ]

    def wanted(self) -> dict:
        """The cleaned fields as `Wanted` takes them."""
        typed = self.cleaned_data
        places = tuple(self.offered[key] for key in typed["places"])
        return typed | {"places": places, "role": Role(typed["role"])}


class DenyForm(forms.Form):
    reason = reason_field("The requester is told this.")


class PolicyForm(forms.Form):
    adopted_on = DateInWords(label="Adopted on", what="the day on which the board adopted the policy")
    iep_section = forms.CharField(
        label="What it says about the security of IEPs",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="The section itself, or its number and a summary. A policy without it is not taken.",
        error_messages={"required": "Say what the policy says about the security of IEPs."},
    )
    file = forms.FileField(label="The policy", required=False, help_text=FILE_HINT)


class ProcedureForm(forms.Form):
    steps = forms.CharField(
        label="Who removes access, and how soon",
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text="When somebody leaves, changes duties, or is away for long.",
        error_messages={"required": "Write who removes access, and how soon."},
    )
    file = forms.FileField(label="The procedure", required=False, help_text=FILE_HINT)


class TrainingForm(forms.Form):
    held_on = DateInWords(label="Held on", what="the day of the training")
    topic = forms.CharField(
        label="What it was about", max_length=200, error_messages={"required": "Say what it was about."}
    )
    attendees = forms.ModelMultipleChoiceField(
        label="Who was there",
        queryset=User.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Name who was there."},
    )
    file = forms.FileField(label="The sign-in sheet", required=False, help_text=FILE_HINT)

    def __init__(self, *args, people, **options) -> None:
        super().__init__(*args, **options)
        self.fields["attendees"].queryset = people


class DesignateForm(forms.Form):
    user = forms.ModelChoiceField(
        label="Security coordinator",
        queryset=User.objects.none(),
        empty_label="Choose one",
        help_text="A person of your district with a linked staff ID.",
        error_messages={"required": "Choose a person."},
    )
    form = forms.FileField(label="The signed form", required=False, help_text="PDF or a scan.")

    def __init__(self, *args, people, **options) -> None:
        super().__init__(*args, **options)
        self.fields["user"].queryset = people


class TextForm(forms.Form):
    text = forms.CharField(
        label="The text that people sign",
        widget=forms.Textarea(attrs={"rows": 14}),
        error_messages={"required": "Write the text that people sign."},
    )
    sign_again = forms.BooleanField(
        label="Everybody signs again, also who has signed this year",
        required=False,
        help_text="Without it, who has signed an earlier version stays valid until the period ends.",
    )


class SettingsForm(forms.ModelForm):
    class Meta:
        model = AccessSettings
        fields = ("policy_required", "assurance_period", "review_months", "undecided_ends", "site_requests")
        labels = {
            "policy_required": "No request is approved while the security policy is missing",
            "assurance_period": "The confidentiality assurance is signed",
            "review_months": "Access is reviewed",
            "undecided_ends": "What nobody has decided 30 days after a review was due ends by itself",
            "site_requests": "Before the cut-over, a request for a site where no IEP is due",
        }
        help_texts = dict.fromkeys(fields, "")
