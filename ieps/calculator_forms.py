"""What is typed into a calculator; nothing of it is kept."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from ieps.rules.leap_connect import Facts
from ieps.rules.regression import Break, Score
from ui.dates import DateInWords, DateNotUnderstood, read_day

MOST_SCORES = 200
LONGEST_BREAK = 366
YES_NO = [("yes", "Yes"), ("no", "No")]
COHORTS = [("earlier", "2019-20 or earlier"), ("later", "2020-21 or later")]
BREAKS = ("first", "second")


class ScoresField(forms.CharField):
    """One data point a line, its day before its score."""

    widget = forms.Textarea(attrs={"rows": 9, "autocomplete": "off"})

    def to_python(self, value: object) -> list[Score]:  # type: ignore[override]
        lines = str(super().to_python(value)).splitlines()
        if len(lines) > MOST_SCORES:
            raise ValidationError(f"At most {MOST_SCORES} data points at once.")
        return list(_scores(lines, timezone.localdate()))


def _scores(lines: list[str], today: date) -> Iterator[Score]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                yield _score(line, today)
            except (DateNotUnderstood, InvalidOperation, ValueError) as wrong:
                why = str(wrong) if isinstance(wrong, DateNotUnderstood) else "Write a day and a score."
                raise ValidationError(f"Line {number}, “{line.strip()[:40]}”: {why}") from None


def _score(line: str, today: date) -> Score:
    """ "Nov 12, 2026  8" or "11/12/2026; 80 %"."""
    day, _, value = line.replace("%", " ").strip().replace("\t", " ").rpartition(" ")
    score = Decimal(value)
    if not score.is_finite():
        raise ValueError(value)
    return Score(read_day(day.strip().rstrip(",;:"), today), score)


class RegressionForm(forms.Form):
    scores = ScoresField(
        label="Data points of one objective",
        help_text="One a line: day and score, such as “Nov 12, 2026 8”. A higher score is a better one.",
        error_messages={"required": "Enter the data points, one a line."},
    )
    first_from = DateInWords(label="First break from", what="the first day without instruction")
    first_to = DateInWords(label="First break to", what="the last day without instruction")
    second_from = DateInWords(label="Second break from", what="the first day without instruction")
    second_to = DateInWords(label="Second break to", what="the last day without instruction")

    def clean(self) -> dict[str, object]:
        typed = super().clean() or {}
        for name in BREAKS:
            first, last = typed.get(f"{name}_from"), typed.get(f"{name}_to")
            if first and last and not 0 <= (last - first).days < LONGEST_BREAK:
                self.add_error(f"{name}_to", "A break ends on or after its first day, within a year.")
        first_ends, second_begins = typed.get("first_to"), typed.get("second_from")
        if first_ends and second_begins and second_begins <= first_ends:
            self.add_error("second_from", "The second break begins after the first one has ended.")
        return typed

    def breaks(self) -> list[Break]:
        typed = self.cleaned_data
        return [Break(typed[f"{name}_from"], typed[f"{name}_to"]) for name in BREAKS]


def yes_no(label: str, missing: str, help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=YES_NO, widget=forms.RadioSelect, help_text=help_text,
        error_messages={"required": missing},
    )  # fmt: skip


class LeapConnectForm(forms.Form):
    cohort = forms.ChoiceField(
        label="High school cohort",
        choices=COHORTS,
        widget=forms.RadioSelect,
        error_messages={"required": "Choose the student's cohort."},
    )
    completed_grade5 = yes_no("Has completed fifth grade", "Say whether fifth grade is completed.")
    deviations = forms.DecimalField(
        label="Standard deviations below the mean in cognitive functioning",
        help_text="Such as 2.3. A student above the mean has 0.",
        min_value=0,
        max_value=10,
        max_digits=4,
        decimal_places=2,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off", "class": "e-w-date"}),
        error_messages={"required": "Enter a number, such as 2.3."},
    )
    adaptive = yes_no(
        "Deficits in adaptive behavior are documented",
        "Say whether deficits in adaptive behavior are documented.",
        "No number is compared: how large they have to be was not found in the sources.",
    )
    evidence = yes_no(
        "There is additional empirical evidence", "Say whether there is additional empirical evidence."
    )
    not_because = yes_no(
        "The decision does not rest on placement, language, the expected score or absence",
        "Say what the decision does not rest on.",
    )

    def facts(self) -> Facts:
        typed = self.cleaned_data
        said = ("completed_grade5", "adaptive", "evidence", "not_because")
        return Facts(
            deviations=typed["deviations"],
            earlier_cohort=typed["cohort"] == "earlier",
            **{name: typed[name] == "yes" for name in said},
        )
