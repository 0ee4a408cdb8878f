"""What is typed about a child who comes with an IEP of elsewhere."""

from typing import Any

from django import forms
from django.utils import timezone

from ieps.actions import Comparable, Outside
from ieps.models import HowEnded
from ui.dates import DateInWords

BY_HAND = [(each.value, each.label.capitalize()) for each in HowEnded if each != HowEnded.ADOPTED]


def _text(label: str, rows: int = 3, **options: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=5_000, widget=forms.Textarea(attrs={"rows": rows}), **options
    )


class AdoptForm(forms.Form):
    on = DateInWords(label="In effect here from", what="the day from which it is adopted")


class ComparableForm(forms.Form):
    services = _text("Services given", help_text="Each with its minutes and how often, comparable to the IEP")
    first_day = DateInWords(label="First day", what="the first day of these services")
    consulted = forms.CharField(
        label="Agreed with", max_length=200, help_text="The parent who was consulted (34 CFR 300.323(e))"
    )
    consulted_on = DateInWords(label="On", what="the day of the talk with the parent")

    def comparable(self) -> Comparable:
        return Comparable(**self.cleaned_data)


class EndForm(forms.Form):
    on = DateInWords(label="Last day", what="the last day of these services")
    how = forms.ChoiceField(label="Why they end", choices=BY_HAND, widget=forms.RadioSelect)


class OutsideForm(forms.Form):
    state = forms.RegexField(
        r"^[A-Za-z]{2}$", label="State", help_text="Two letters, such as TX",
        error_messages={"invalid": "Write the two letters of the state, such as TX."},
    )  # fmt: skip
    agency = forms.CharField(label="District or agency that wrote it", max_length=120)
    meeting_date = DateInWords(label="Team meeting", what="the day of the team meeting")
    first_day = DateInWords(label="In effect from", required=False)
    last_day = DateInWords(label="In effect to", required=False)
    exceptionality = forms.CharField(label="Exceptionality, as it is called there", max_length=200)
    services = _text("Services", help_text="Each with its minutes and how often, as it stands there")
    received_on = DateInWords(label="Came in on", what="the day on which the IEP came in")
    file = forms.FileField(
        label="The scanned IEP", required=False, help_text="PDF, a scan or a picture; kept with the student"
    )

    def outside(self) -> Outside:
        facts = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Outside(**{**facts, "state": facts["state"].upper()})


def begins_with() -> dict[str, object]:
    today = timezone.localdate()
    return {"on": today, "first_day": today, "consulted_on": today, "received_on": today}
