"""What is typed about a person's access, and about a staff file."""

from datetime import datetime, time

from django import forms
from django.utils import timezone

from security.actions.end_role import REASONS, REASONS_OF_THE_STATE
from ui.dates import DateInWords


class DepartureForm(forms.Form):
    """At once when nothing is typed; otherwise a day and, if wanted, a time of that day."""

    prefix = "leave"
    day = DateInWords(label="Last moment of employment", required=False, help_text="Empty: now, at once.")
    hour = forms.TimeField(
        label="Time of that day",
        required=False,
        help_text="Such as 16:30. Empty: the end of the day.",
        widget=forms.TextInput(attrs={"class": "e-w-date", "autocomplete": "off"}),
        error_messages={"invalid": "Write the time as hours and minutes, such as 16:30."},
    )
    note = forms.CharField(label="Note", required=False, max_length=200)

    def ends_at(self) -> datetime | None:
        """The instant in the time zone of the page; None for now."""
        day = self.cleaned_data.get("day")
        if day is None:
            return None
        at = self.cleaned_data.get("hour") or time(23, 59, 59, 999_999)
        return timezone.make_aware(datetime.combine(day, at))


class DutiesForm(forms.Form):
    prefix = "duties"
    note = forms.CharField(
        label="What changed",
        max_length=200,
        help_text="Such as “moved to Heron High”. Both approvers read it.",
        error_messages={"required": "Say what changed."},
    )


class EndRoleForm(forms.Form):
    reason = forms.ChoiceField(
        label="Why it ends",
        choices=[(reason.value, reason.label) for reason in REASONS],
        widget=forms.RadioSelect,
        error_messages={"required": "Choose why the role ends."},
    )
    note = forms.CharField(label="Note", required=False, max_length=200)

    def __init__(self, *args, by_the_state: bool, **options) -> None:
        """`by_the_state`: no district answers for the role, so nobody else records that employment ended."""
        super().__init__(*args, **options)
        if by_the_state:
            self.fields["reason"].choices = [(each.value, each.label) for each in REASONS_OF_THE_STATE]


class LiftForm(forms.Form):
    prefix = "lift"
    note = forms.CharField(
        label="Why the person stays",
        max_length=200,
        help_text="Such as “on leave until January”.",
        error_messages={"required": "Say why the person stays."},
    )


class StaffFileForm(forms.Form):
    file = forms.FileField(
        label="Staff file",
        help_text="CSV in UTF-8; what it holds is said on this page.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": "Choose the staff file.", "empty": "The file is empty. Export it again."},
    )
    day = DateInWords(label="The file speaks of", required=False, help_text="Empty: today.")
