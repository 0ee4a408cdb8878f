"""What is typed when an IEP is signed, approved, amended, corrected, or asked to be deleted."""

from django import forms

from ieps.actions import Given
from ieps.forms import choices
from ieps.models import AttachmentKind, Way
from ieps.rules.codes import CodeSet
from ui.dates import DateInWords

SIGN_WAYS = [
    (Way.TYPED, "Typed: the name is the signature"),
    (Way.DRAWN, "Drawn on the screen"),
    (Way.PAPER, "On paper, scanned"),
]
PICTURE_OR_PDF = "PDF or picture of the signed page"


class GivenForm(forms.Form):
    """One signature; `decides`: with the answer of the parents."""

    name = forms.CharField(
        label="Name", max_length=120, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Type the name of the person who signs."},
    )  # fmt: skip
    way = forms.ChoiceField(
        label="How it is signed", choices=SIGN_WAYS[:2], widget=forms.RadioSelect, initial=Way.TYPED
    )
    drawing = forms.CharField(
        required=False, max_length=20_001, widget=forms.HiddenInput(attrs={"data-drawn": ""})
    )
    seen = forms.CharField(required=False, max_length=64, widget=forms.HiddenInput())

    def given(self, ip: str | None) -> Given:
        typed = {key: value for key, value in self.cleaned_data.items() if key != "answer"}
        return Given(**typed, ip=ip)


class SignForm(GivenForm):
    file = forms.FileField(label="The scanned page", required=False, help_text=PICTURE_OR_PDF)
    signed_on = DateInWords(label="Day on the paper", required=False, help_text="Only of a scanned page")
    answer = forms.ChoiceField(
        label="Answer of the parents", widget=forms.RadioSelect,
        error_messages={"required": "Choose the answer of the parents."},
    )  # fmt: skip

    field_order = ("answer", "name", "way", "drawing", "file", "signed_on")

    def __init__(self, *args, decides: bool, **options) -> None:
        super().__init__(*args, **options)
        self.fields["way"].choices = SIGN_WAYS
        if decides:
            self.fields["answer"].choices = choices(CodeSet.SERVICES_CONSENT)
        else:
            del self.fields["answer"]


class ApproveForm(GivenForm):
    """The representative is signed in, and signs on the screen."""


class AttachForm(forms.Form):
    kind = forms.ChoiceField(label="What it is", choices=AttachmentKind.choices)
    file = forms.FileField(label="File", error_messages={"required": "Choose the file."})


class AmendForm(forms.Form):
    why = forms.CharField(
        label="What is to be changed, and why", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what is to be changed, and why: the parents read it."},
    )  # fmt: skip
    agreed_on = DateInWords(
        label="The parents agreed in writing to amend without a meeting, on",
        required=False,
        help_text="Leave it empty when the team meets (34 CFR 300.324(a)(4)).",
    )


class CorrectForm(forms.Form):
    after = forms.CharField(
        label="The text as it should read", widget=forms.Textarea(attrs={"rows": 4}), strip=False,
        error_messages={"required": "A correction does not take a text away: amend the IEP."},
    )  # fmt: skip
    reason = forms.CharField(
        label="Reason", max_length=500, widget=forms.TextInput(),
        help_text="Stands beside the correction, also on the print.",
        error_messages={"required": "Say why it is corrected: the reason stands beside it."},
    )  # fmt: skip
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())


class AskDeletionForm(forms.Form):
    reason = forms.CharField(
        label="Why it should be deleted", max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it should be deleted: whoever decides has to know."},
    )  # fmt: skip


class DecideDeletionForm(forms.Form):
    answer = forms.CharField(
        label="Your words to whoever asked", max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text="Needed when you refuse.",
    )  # fmt: skip
