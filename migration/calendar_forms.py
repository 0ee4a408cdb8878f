"""What is typed about the calendar: days and times by the state's clock, and reasons."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms

from ui.dates import DateInWords

PHASES = (
    ("freeze_at", "Freeze", "From this minute on everything is view only."),
    ("transfer_at", "Transfer begins", ""),
    ("checks_at", "Checks begin", ""),
    ("acceptance_at", "Acceptance begins", "Empty: when the checks are done."),
    ("go_live_at", "Go-live", "Data entry resumes not before."),
)
CLOCK = ["%H:%M", "%I:%M %p", "%I:%M%p", "%I %p", "%I%p"]
WHY = {"required": "Say why. It stands in the journal."}


class ReasonForm(forms.Form):
    """Why the records become view only before the planned freeze."""

    reason = forms.CharField(label="Why", max_length=300, error_messages=WHY)


class InstantsForm(forms.Form):
    """`names` are the instants asked for; each is a day and a time. `zone` is that of the state."""

    def __init__(self, names: tuple[str, ...], zone: ZoneInfo, *args: Any, **options: Any) -> None:
        self.names, self.zone = names, zone
        super().__init__(*args, **options)
        for name, label, hint in PHASES:
            if name in names:
                self._ask_for(name, label, hint)

    def _ask_for(self, name: str, label: str, hint: str) -> None:
        needed, instant = name != "acceptance_at", self.initial.get(name)
        local = instant.astimezone(self.zone) if instant else None
        self.fields[f"{name}_day"] = DateInWords(
            label=label, required=needed, what="the day", initial=local and local.date(),
            **({"help_text": hint} if hint else {}),
        )  # fmt: skip
        self.fields[f"{name}_time"] = forms.TimeField(
            label=f"{label}, time", required=False, input_formats=CLOCK, initial=local and local.time(),
            help_text="Such as 11:59 PM. Empty: midnight, when the day begins.",
            widget=forms.TimeInput(attrs={"class": "e-w-date", "autocomplete": "off"}, format="%I:%M %p"),
            error_messages={"invalid": "This was not understood as a time. Write it such as 11:59 PM."},
        )  # fmt: skip

    def instants(self) -> dict[str, datetime | None]:
        return {name: self._instant(name) for name in self.names}

    def _instant(self, name: str) -> datetime | None:
        day, at = self.cleaned_data[f"{name}_day"], self.cleaned_data[f"{name}_time"]
        return datetime.combine(day, at or time(), self.zone) if day else None


class CalendarForm(InstantsForm):
    """All phases; a reason once the freeze has begun."""

    reason = forms.CharField(
        label="Why it is changed", max_length=300, required=False,
        help_text="Needed once the freeze has begun",
    )  # fmt: skip

    def __init__(self, zone: ZoneInfo, *args: Any, **options: Any) -> None:
        super().__init__(tuple(name for name, *_ in PHASES), zone, *args, **options)
        self.order_fields([*(name for name in self.fields if name != "reason"), "reason"])


class RollBackForm(InstantsForm):
    """A new go-live, and why."""

    reason = forms.CharField(label="Why", max_length=300, error_messages=WHY)

    def __init__(self, zone: ZoneInfo, *args: Any, **options: Any) -> None:
        super().__init__(("go_live_at",), zone, *args, **options)
        self.fields["go_live_at_day"].label = "New go-live"
        self.fields["go_live_at_time"].label = "New go-live, time"
