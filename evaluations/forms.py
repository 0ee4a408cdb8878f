"""What is typed about an evaluation. Whether it may be so is the rules' question, not the form's."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone

from evaluations.actions import Determination
from evaluations.rules.codes import (
    CodeRow,
    delay_reasons_wi,
    evaluation_types,
    exceptionalities,
    outcomes,
)
from rulebook.tables import in_force
from ui.dates import DateInWords

NOTHING = [("", "Choose one")]


def choices(rows: Iterable[CodeRow]) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in in_force(tuple(rows), timezone.localdate())]


class SeenForm(forms.Form):
    """Carries the version that the person looked at, so that nobody overwrites what they did not see."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)


class ReferralForm(forms.Form):
    kind = forms.ChoiceField(
        label="Type of evaluation",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the type of evaluation."},
    )
    referral_date = DateInWords(label="Referral received", what="the day on which the referral came in")
    reason = forms.CharField(
        label="Reason for the referral",
        help_text="What was seen, by whom, and what has been tried.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=10_000,
        error_messages={"required": "Say why the student is referred."},
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(evaluation_types())


class ConsentRequestForm(SeenForm):
    consent_requested_on = DateInWords(
        label="Parents asked for consent", what="the day on which the parents were asked"
    )


class ConsentForm(SeenForm):
    consent_date = DateInWords(
        label="Written consent received",
        what="the day on which the written consent came in",
        help_text="Day 0 of the evaluation. In any usual form, such as Sep 4 or 9/4/2026",
    )


class DeterminationForm(SeenForm):
    on = DateInWords(label="Determination date", what="the day on which eligibility was decided")
    outcome = forms.ChoiceField(
        label="Outcome", widget=forms.RadioSelect, error_messages={"required": "Choose the outcome."}
    )
    primary = forms.ChoiceField(
        label="Primary exceptionality", required=False, help_text="Only when the student is eligible"
    )
    others = forms.MultipleChoiceField(
        label="Other exceptionalities", required=False, widget=forms.CheckboxSelectMultiple
    )
    delay_reason = forms.ChoiceField(
        label="Delay reason", required=False, help_text="Only when it took longer than the time allowed"
    )
    late_reason = forms.CharField(
        label="Late reason", required=False, max_length=255,
        help_text="In your words, only with the delay reason Other",
    )  # fmt: skip
    summary = forms.CharField(
        label="Summary of the report", required=False, max_length=50_000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        codes = choices(exceptionalities())
        self.fields["outcome"].choices = choices(outcomes())
        self.fields["primary"].choices = NOTHING + codes
        self.fields["others"].choices = codes
        self.fields["delay_reason"].choices = NOTHING + choices(delay_reasons_wi())

    def determination(self) -> Determination:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return Determination(**typed)


class LockForm(SeenForm):
    """Nothing to type: the button is the decision."""


class ReasonForm(SeenForm):
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Kept in the history, with your name and the time.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is kept in the history."},
    )
