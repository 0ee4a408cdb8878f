"""What is typed about a calendar. Whether it may be so is the rules' question."""

from django import forms
from django.utils import timezone

from organizations.models import District, SchoolYear
from ui.dates import DateInWords


class ClosedDayForm(forms.Form):
    day = DateInWords(label="Day without school", what="the day on which the offices and schools are closed")
    reason = forms.CharField(
        label="Why",
        help_text="Such as Labor Day, or storm: everybody whose due day moves reads it.",
        max_length=80,
        error_messages={"required": "Say why it is closed: every due day that it moves shows the reason."},
    )


class OpenedDayForm(forms.Form):
    day = forms.DateField()


class TermForm(forms.Form):
    first = DateInWords(label="First school day", what="the first school day")
    last = DateInWords(label="Last school day", what="the last school day")


class CalendarForm(TermForm):
    district = forms.ModelChoiceField(District.objects.none(), label="District", empty_label=None)
    year = forms.ModelChoiceField(
        SchoolYear.objects.none(), label="School year", empty_label=None,
        error_messages={"required": "Choose the school year."},
    )  # fmt: skip
    summer = forms.BooleanField(
        label="Summer school", help_text="Its days count for no deadline.", required=False
    )
    field_order = ["district", "year", "first", "last", "summer"]

    def __init__(self, districts, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["district"].queryset = districts
        years = SchoolYear.objects.filter(
            state__in=districts.values("state"), last_day__gte=timezone.localdate()
        )
        self.fields["year"].queryset = years
