"""What is typed about findings, duplicates and legacy codes. Whether it may be so is asked by the verbs."""

from datetime import date
from typing import Any

from django import forms

from migration.code_maps import codes_of
from migration.models import CaseState, CodeSet, DuplicateRecord
from organizations.models import State
from ui.dates import in_words

CLOSINGS = [
    (CaseState.FIXED.value, "It is fixed in the records here"),
    (CaseState.EXPLAINED.value, "It is right as it is: explained"),
    (CaseState.LEFT.value, "It stays as it is, with a reason"),
]
NOT_YET = "NOTE"


class WorkForm(forms.Form):
    """A note, or with it the end of the matter."""

    how = forms.ChoiceField(
        label="What became of it", widget=forms.RadioSelect,
        error_messages={"required": "Choose what became of it."},
    )  # fmt: skip
    words = forms.CharField(
        label="What you did or found out", widget=forms.Textarea, max_length=1000,
        help_text="It stays with the finding over all runs.",
        error_messages={"required": "Say what you did or found out."},
    )  # fmt: skip

    def __init__(self, *args: Any, may_close: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        note = (NOT_YET, "It is still open: keep a note")
        self.fields["how"].choices = [*CLOSINGS, note] if may_close else [note]
        self.fields["how"].initial = None if may_close else NOT_YET


class ApartForm(forms.Form):
    """Different children. `owner` and the LASIDs of the others only for records with one LASID."""

    owner = forms.TypedChoiceField(
        label="Which child owns the LASID", widget=forms.RadioSelect, coerce=int,
        error_messages={"required": "Choose the child that owns the LASID."},
    )  # fmt: skip
    reason = forms.CharField(
        label="How do you know that these are different children?", max_length=300, widget=forms.Textarea,
        help_text="Such as both birth certificates", error_messages={"required": "Say how you know."},
    )  # fmt: skip

    def __init__(self, *args: Any, records: list[DuplicateRecord], shared: bool, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="apart_%s", **kwargs)
        self.records = records
        if not shared:
            del self.fields["owner"]
            return
        self.fields["owner"].choices = choices_of(records)
        for record in records:
            self.fields[f"lasid_{record.pk}"] = forms.CharField(
                label=f"Right LASID of {name_of(record)}, key {record.key}", required=False, max_length=10,
                help_text="Only when this child is another one than the owner, and its number is known",
            )  # fmt: skip

    def lasids(self) -> dict[int, str]:
        """Of the records that do not own the shared one."""
        owner = self.cleaned_data.get("owner")
        return {
            record.pk: self.cleaned_data.get(f"lasid_{record.pk}", "")
            for record in self.records
            if record.pk != owner
        }


class OneChildForm(forms.Form):
    """One child, whose records wait: which of them stands."""

    stands = forms.TypedChoiceField(
        label="Which record stands", widget=forms.RadioSelect, coerce=int,
        help_text="Its names and facts are loaded; the evaluations and IEPs of the other come to it",
        error_messages={"required": "Choose the record that stands."},
    )  # fmt: skip
    reason = forms.CharField(
        label="How do you know that this is one child?", max_length=300, widget=forms.Textarea,
        help_text="Such as the birth certificate, or who told you",
        error_messages={"required": "Say how you know."},
    )  # fmt: skip

    def __init__(self, *args: Any, records: list[DuplicateRecord], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="same_%s", **kwargs)
        self.fields["stands"].choices = choices_of(records)


class CodeForm(forms.Form):
    """One legacy code, and ours."""

    code_set = forms.ChoiceField(choices=CodeSet.choices, widget=forms.HiddenInput)
    legacy_code = forms.CharField(max_length=20, label="Legacy code")
    code = forms.ChoiceField(label="Is read as", error_messages={"required": "Choose one of our codes."})
    why = forms.CharField(
        label="Why", max_length=200, required=False, help_text="Such as the letter that retired the code"
    )

    def __init__(self, *args: Any, state: State, code_set: CodeSet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].choices = [("", "Choose a code"), *codes_of(code_set, state)]


def name_of(record: DuplicateRecord) -> str:
    facts = record.facts
    return " ".join(part for part in (facts.get("first_name"), facts.get("last_name")) if part) or record.key


def born(record: DuplicateRecord) -> str:
    """ "Oct 1, 2012", or nothing."""
    day = record.facts.get("birth_date")
    return in_words(date.fromisoformat(day)) if day else ""


def choices_of(records: list[DuplicateRecord]) -> list[tuple[int, str]]:
    return [
        (record.pk, f"{name_of(record)}, key {record.key}, born {born(record) or 'on an unknown day'}")
        for record in records
    ]
