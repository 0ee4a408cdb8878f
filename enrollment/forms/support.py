"""What is typed into a request to the state, an answer, and the state's settings."""

from django import forms

from enrollment.forms.after_exit import RequestForm
from enrollment.models import EnrollmentSettings, RequestState
from enrollment.rules.support_issues import support_issues

ANSWERS = [
    (RequestState.ANSWERED.value, "Ask the district for more"),
    (RequestState.GRANTED.value, "Grant it"),
    (RequestState.REFUSED.value, "Refuse it"),
]
OTHER = "other"  # the sub-category without a name


class AskForm(RequestForm):
    sub_category = forms.ChoiceField(
        label="What is it about?", widget=forms.RadioSelect,
        error_messages={"required": "Choose what the request is about."},
    )  # fmt: skip
    field_order = ["sub_category", "due_diligence", "words", "file"]

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["sub_category"].choices = [
            (row.sub_category or OTHER, row.sub_category or row.about) for row in support_issues()
        ]

    def clean_sub_category(self) -> str:
        chosen = self.cleaned_data["sub_category"]
        return "" if chosen == OTHER else chosen


class AnswerForm(forms.Form):
    state = forms.ChoiceField(
        label="What the answer does", choices=ANSWERS, widget=forms.RadioSelect,
        error_messages={"required": "Choose what the answer does."},
    )  # fmt: skip
    words = forms.CharField(
        label="Answer", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        error_messages={"required": "Write the answer: the district reads it."},
    )  # fmt: skip


class AddForm(forms.Form):
    words = forms.CharField(
        label="Your words", widget=forms.Textarea(attrs={"rows": 3}), max_length=4000,
        error_messages={"required": "Write what the state asked for."},
    )  # fmt: skip


class SettingsForm(forms.ModelForm):
    """Shares are typed as whole percents, as people say them."""

    held_share = forms.IntegerField(
        label="Feed: hold it above this share of exits, in percent", min_value=1, max_value=100,
        help_text="A feed that would exit more of a district's students waits for a person",
    )  # fmt: skip

    class Meta:
        model = EnrollmentSettings
        fields = ["grace_days", "held_share", "count_month", "count_day", "urgent_email"]
        labels = {
            "grace_days": "Days of grace after documentation was due",
            "count_month": "Month of the count day",
            "count_day": "Day of the count day",
            "urgent_email": "E-mail for urgent matters",
        }
        help_texts = {
            "grace_days": "Then a missing document makes the exit count as 1984. Empty: only a refusal does",
            "count_month": "1 to 12",
            "urgent_email": "Inappropriate access, or a feed that fails for a whole district",
        }

    def clean(self) -> dict:
        typed = super().clean()
        month, day = typed.get("count_month"), typed.get("count_day")
        if (month is None) != (day is None):
            self.add_error("count_day", "Give month and day of the count day, or neither.")
        elif month is not None and not _is_a_day(month, day):
            self.add_error("count_day", "There is no such day in every year.")
        return typed

    def clean_held_share(self) -> float:
        return self.cleaned_data["held_share"] / 100


def _is_a_day(month: int, day: int) -> bool:
    longest = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    return 1 <= month <= 12 and 1 <= day <= longest[month - 1]
