"""What is typed about an evaluation. Whether it may be so is the rules' question, not the form's."""

from collections.abc import Iterable

from django import forms
from django.db.models import QuerySet
from django.utils import timezone

from evaluations.actions import Determination
from evaluations.models import Evaluation
from evaluations.rules.codes import (
    CodeRow,
    delay_reasons_wi,
    evaluation_types,
    exceptionalities,
    extensions,
    not_enrolled,
    outcomes,
)
from organizations.models import District
from rulebook.tables import in_force
from students.actions.register import Child
from students.facts import SEXES
from ui.dates import DateInWords

NOTHING = [("", "Choose one")]
STATE_ID = r"^[0-9A-Za-z -]{4,30}$"
OF_THE_CHILD = ("state_student_id", "last_name", "first_name", "birth_date", "sex")


def choices(rows: Iterable[CodeRow]) -> list[tuple[str, str]]:
    return [(row.code, f"{row.code} {row.name}") for row in in_force(tuple(rows), timezone.localdate())]


def as_kept(state_student_id: str) -> str:
    """Numbers are shown in groups, so they may be typed so."""
    return "".join(state_student_id.split())[:20]


class SeenForm(forms.Form):
    """Carries the version that the person looked at, so that nobody overwrites what they did not see."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, evaluation: Evaluation | None = None, **options) -> None:
        self.evaluation = evaluation
        super().__init__(*args, **options)


class ReferralForm(forms.Form):
    kind = forms.ChoiceField(
        label="Type of evaluation",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the type of evaluation."},
    )
    referral_date = DateInWords(label="Referral received", what="the day on which the referral came in")
    reason = forms.CharField(
        label="Reason for the referral",
        help_text="What was seen, by whom, what has been tried, and what is suspected.",
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=10_000,
        error_messages={"required": "Say why the student is referred."},
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(evaluation_types())


class UnenrolledForm(ReferralForm):
    """The referral of a child who attends no public school, and may not be known yet."""

    not_enrolled = forms.ChoiceField(
        label="Why the child is in no public school", widget=forms.RadioSelect,
        error_messages={"required": "Choose why the child is in no public school."},
    )  # fmt: skip
    district = forms.ModelChoiceField(
        District.objects.none(), label="District that evaluates", empty_label=None,
        error_messages={"required": "Choose the district.", "invalid_choice": "Choose the district."},
    )  # fmt: skip
    state_student_id = forms.RegexField(
        STATE_ID, label="State ID", help_text="With or without blanks",
        error_messages={"invalid": "A state ID has 4 to 20 digits or letters.",
                        "required": "Enter the state ID."},
    )  # fmt: skip
    last_name = forms.CharField(max_length=60, error_messages={"required": "Enter the last name."})
    first_name = forms.CharField(max_length=60, error_messages={"required": "Enter the first name."})
    birth_date = DateInWords(
        what="the birth date", label="Birth date",
        help_text="With its year, such as Mar 12, 2024 or 3/12/2024",
    )  # fmt: skip
    sex = forms.ChoiceField(
        choices=list(SEXES.items()), widget=forms.RadioSelect, error_messages={"required": "Choose one."}
    )
    field_order = [
        "state_student_id", "last_name", "first_name", "birth_date", "sex", "not_enrolled", "district",
        "referral_date", "reason",
    ]  # fmt: skip

    def __init__(self, *args, districts: QuerySet[District], **options) -> None:
        super().__init__(*args, **options)
        del self.fields["kind"]
        self.fields["district"].queryset = districts
        self.fields["not_enrolled"].choices = [(row.code, row.name) for row in not_enrolled()]

    def clean_state_student_id(self) -> str:
        return as_kept(self.cleaned_data["state_student_id"])

    def child(self) -> Child:
        return Child(**{name: self.cleaned_data[name] for name in OF_THE_CHILD})


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


class NoAssessmentForm(SeenForm):
    on = DateInWords(
        label="Parents told that no assessment is needed",
        what="the day on which the parents were told",
        help_text="Takes the place of the consent date: day 0 of the evaluation.",
    )


class RefusalForm(SeenForm):
    on = DateInWords(label="Consent refused", what="the day on which the parents said no")
    reason = forms.CharField(
        label="Their reason",
        max_length=500,
        help_text="In their words, or that they gave none.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say what the parents gave as their reason, or that they gave none."},
    )


class RevocationForm(SeenForm):
    on = DateInWords(label="Consent withdrawn", what="the day on which the withdrawal came in")
    reason = forms.CharField(
        label="How they told you",
        max_length=500,
        help_text="Parents withdraw their consent in writing. What was done until then stays.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say how the parents told you; they must do so in writing."},
    )


class ExtensionForm(SeenForm):
    code = forms.ChoiceField(
        label="Why it takes longer",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why it takes longer."},
    )
    to = DateInWords(label="Longer until", what="the last day of the longer time")
    reason = forms.CharField(
        label="What happened",
        max_length=500,
        help_text="The supervisor decides by it; it is kept with your name.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why it takes longer: the supervisor decides by it."},
    )

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["code"].choices = choices(extensions())


class ExtensionDecisionForm(SeenForm):
    decision = forms.ChoiceField(
        label="Decision",
        widget=forms.RadioSelect,
        choices=[("approve", "Approve the longer time"), ("refuse", "Refuse it")],
        error_messages={"required": "Approve it or refuse it."},
    )
    answer = forms.CharField(
        label="Answer",
        required=False,
        max_length=500,
        help_text="Needed when it is refused.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class GivenOutForm(SeenForm):
    on = DateInWords(
        label="Report given out",
        what="the day on which the report went to the supervisor of special education",
    )


class CopyForm(SeenForm):
    on = DateInWords(label="Copy given to the parents", what="the day on which the parents got the copy")
    to = forms.CharField(
        label="Who received it", max_length=200,
        help_text="An oral explanation is offered with it.",
        error_messages={"required": "Say who received it."},
    )  # fmt: skip


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
