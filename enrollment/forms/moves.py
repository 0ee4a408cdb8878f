"""What is typed when a student comes for the first time, or moves to a nonpublic school."""

from collections.abc import Iterable, Sequence

from django import forms
from django.utils import timezone

from enrollment.facts import profile_of
from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.facts import REGISTERED
from organizations.models import District, Site
from ui.dates import DateInWords


class AttendForm(forms.Form):
    first_attended = DateInWords(what="the first day attended", label="First day attended")
    code = forms.ChoiceField(label="Entry code", error_messages={"required": "Choose the entry code."})
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, district: District, **options) -> None:
        super().__init__(*args, **options)
        codes = codes_for(profile_of(district), Kind.ENTRY, timezone.localdate())
        offered = [(row.code, str(row)) for row in codes if row.stage != REGISTERED and not row.after_exit]
        several = [("", "Choose one")] if len(offered) > 1 else []
        self.fields["code"].choices = [*several, *offered]


class NonpublicForm(forms.Form):
    site = forms.ChoiceField(label="Nonpublic school", error_messages={"required": "Choose the school."})
    first_day = DateInWords(
        what="the first day at the nonpublic school", label="First day at the nonpublic school",
        help_text="The day before is the last one here: no day lies between",
    )  # fmt: skip
    how_known = forms.CharField(
        label="How do you know?", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Who decided on the placement, and when",
        error_messages={"required": "Say who decided on the placement, and when."},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, sites: Sequence[Site], **options) -> None:
        super().__init__(*args, **options)
        self.sites = {str(row.pk): row for row in sites}
        self.fields["site"].choices = _chosen_from((pk, row.name) for pk, row in self.sites.items())


class MoveForm(forms.Form):
    site = forms.ChoiceField(label="New school", error_messages={"required": "Choose the school."})
    first_day = DateInWords(
        what="the first day at the new school", label="First day at the new school",
        help_text="The day before is the last one here: no day lies between",
    )  # fmt: skip
    exit_code = forms.ChoiceField(
        label="Exit code", error_messages={"required": "Choose the code that says why the student leaves."}
    )
    entry_code = forms.ChoiceField(
        label="Entry code", error_messages={"required": "Choose the code that says how the student enters."}
    )
    how_known = forms.CharField(
        label="How do you know?", max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say who told you, and when."},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, district: District, sites: Sequence[Site], **options) -> None:
        super().__init__(*args, **options)
        self.sites = {str(row.pk): row for row in sites}
        self.fields["site"].choices = _chosen_from((pk, row.name) for pk, row in self.sites.items())
        today, profile = timezone.localdate(), profile_of(district)
        for name, kind in (("exit_code", Kind.EXIT), ("entry_code", Kind.ENTRY)):
            codes = [row for row in codes_for(profile, kind, today) if row.stage != REGISTERED]
            self.fields[name].choices = _chosen_from((row.code, str(row)) for row in codes)


def _chosen_from(offered: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """The only one there is needs no choice."""
    found = list(offered)
    return found if len(found) == 1 else [("", "Choose one"), *found]


class ReleaseForm(forms.Form):
    on = DateInWords(what="the day of the decision", label="Decided on")


class FinishForm(forms.Form):
    how = forms.CharField(
        label="What was done", max_length=300, error_messages={"required": "Say what was done, and when."}
    )
