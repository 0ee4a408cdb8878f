"""What is typed about the parts of an evaluation: components, the meeting, its team, a waiver."""

from django import forms

from evaluations.access import evaluators_for
from evaluations.actions import Agreement, Assessed, Member
from evaluations.forms import NOTHING, SeenForm
from evaluations.rules.parts import areas, team_parts
from evaluations.rules.report_sections import ReportSection
from ui.dates import DateInWords

MISSING = {
    "instruments": "Name the instruments that were used, or how it was assessed.",
    "findings": "Write what was found.",
}
WORDS = {"agree": True, "dissent": False, "silent": None}


class AssignmentForm(SeenForm):
    area = forms.ChoiceField(label="Area", error_messages={"required": "Choose the area that is assessed."})
    evaluator = forms.TypedChoiceField(
        label="Evaluator", coerce=int,
        help_text="Members of pupil appraisal who work here.",
        error_messages={"required": "Choose who assesses it."},
    )  # fmt: skip
    on = DateInWords(label="Given out", what="the day on which it was given out")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        people = evaluators_for(self.evaluation) if self.evaluation else []
        self.people = {person.pk: person for person in people}
        self.fields["area"].choices = NOTHING + [(row.area, row.name) for row in areas()]
        self.fields["evaluator"].choices = NOTHING + [(pk, str(who)) for pk, who in self.people.items()]


class GiveOnForm(AssignmentForm):
    """Another evaluator goes on with the same area."""

    reason = forms.CharField(
        label="Reason", max_length=500, help_text="It is kept in the history.",
        error_messages={"required": "Say why somebody else goes on."},
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        del self.fields["area"]


class ComponentForm(forms.Form):
    """Written by the evaluator; `version` is the one that was looked at."""

    instruments = forms.CharField(
        label="Instruments", required=False, max_length=20_000,
        help_text="What was used, when, and any departure from standard conditions.",
        widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
    findings = forms.CharField(
        label="Findings", required=False, max_length=200_000,
        help_text="Scores, what was seen, and what it means for learning.",
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip

    def assessed(self) -> Assessed:
        return Assessed(self.cleaned_data["instruments"], self.cleaned_data["findings"])


class CompletionForm(ComponentForm):
    on = DateInWords(label="Completed", what="the day on which it was completed")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        for name, sentence in MISSING.items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = sentence


class MeetingForm(SeenForm):
    on = DateInWords(label="Day of the meeting", what="the day on which the team met")


class MemberForm(SeenForm):
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label="Name", max_length=120, error_messages={"required": "Write the name of the member."}
    )
    part = forms.ChoiceField(
        label="Part in the team", error_messages={"required": "Choose in what part the member belongs."}
    )
    said = forms.ChoiceField(
        label="Does the member agree?", widget=forms.RadioSelect,
        choices=[("agree", "Agrees"), ("dissent", "Dissents"), ("silent", "Has not said yet")],
        error_messages={"required": "Say whether the member agrees."},
    )  # fmt: skip
    signed_on = DateInWords(label="Signed", what="the day of the signature", required=False)
    statement = forms.CharField(
        label="Statement", required=False, max_length=20_000,
        help_text="Of who dissents; it stands in the report.", widget=forms.Textarea(attrs={"rows": 5}),
    )  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["part"].choices = NOTHING + [(row.part, row.name) for row in team_parts()]

    def member(self) -> Member:
        typed = self.cleaned_data
        return Member(
            typed["name"], typed["part"], WORDS[typed["said"]], typed["statement"], typed["signed_on"]
        )

    def add_error(self, field, error) -> None:
        """The rule knows the answer as `agrees`."""
        super().add_error("said" if field == "agrees" else field, error)


class LeaveOutForm(SeenForm):
    member = forms.IntegerField(widget=forms.HiddenInput)


class WaiverForm(SeenForm):
    data_are_adequate = forms.BooleanField(
        label="The data on the student are adequate", required=False,
        help_text="Where they are not, the student is evaluated again.",
    )  # fmt: skip
    parent_name = forms.CharField(
        label="Signed for the parents by", max_length=120, error_messages={"required": "Write who signed."}
    )
    parent_signed_on = DateInWords(label="Parents signed", what="the day on which the parents signed")
    agency_name = forms.CharField(
        label="Signed for the district by", max_length=120, error_messages={"required": "Write who signed."}
    )
    agency_signed_on = DateInWords(label="District signed", what="the day on which the district signed")
    guidance = forms.CharField(
        label="Guidance", required=False, max_length=5_000,
        help_text="Asked for with developmental delay, hearing loss, traumatic brain injury and visual"
        " impairment.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip

    def agreement(self) -> Agreement:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "seen"}
        return Agreement(**typed)


class SectionForm(forms.Form):
    text = forms.CharField(required=False, widget=forms.Textarea(attrs={"rows": 16}))


def section_form(row: ReportSection, text: str, *, editable: bool, needed: bool) -> SectionForm:
    """One section of the report, under its title; read only where the person may not write."""
    form = SectionForm(initial={"text": text})
    field = form.fields["text"]
    field.label, field.help_text, field.required = row.title, row.asks, needed
    if not editable:
        field.widget.attrs["readonly"] = True
    return form
