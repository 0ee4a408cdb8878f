"""What is typed when a student leaves or enters."""

from collections.abc import Sequence

from django import forms
from django.utils import timezone

from enrollment.actions import Papers
from enrollment.facts import profile_of
from enrollment.rules.codes import Kind, codes_for
from enrollment.rules.entries import why_not_yet
from organizations.models import District, Site
from organizations.rules.profiles import state_profile
from students.actions.register import Child
from students.facts import SEXES, grade_choices
from ui.dates import DateInWords

CODE_ID = "code-q"  # the search box of the picker: where the error summary leads
LONGEST_ACCOUNT = 4000


class TypedDay(DateInWords):
    """What was understood is shown by the page itself, together with what the day means."""

    def read_back(self, typed) -> str:
        return ""


class NoShowForm(forms.Form):
    last_day = TypedDay(what="the day", label="Day from which the student is a no-show")
    how_known = forms.CharField(
        label="How do you know?", widget=forms.Textarea, max_length=LONGEST_ACCOUNT, strip=True,
        help_text="Who told you, when, and what you did to reach the family",
        error_messages={"required": "Say who told you, and when."},
    )  # fmt: skip
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ExitForm(NoShowForm):
    last_day = TypedDay(what="the last day attended, such as Sep 4", label="Last day attended")
    code = forms.CharField(
        label="Exit code", max_length=6, widget=forms.TextInput(attrs={"id": CODE_ID}),
        error_messages={"required": "Choose the code that says why the student leaves."},
    )  # fmt: skip
    new_school = forms.CharField(
        label="Name and place of the new school", max_length=200, required=False,
        help_text="As the family or the school told you",
    )  # fmt: skip
    field_order = ["last_day", "code", "new_school", "how_known"]


class EntryForm(forms.Form):
    """The entry of a known child. Papers are asked for where the state's codes need them."""

    district = forms.TypedChoiceField(label="Responsible district")
    site = forms.ChoiceField(label="School", error_messages={"required": "Choose the school."})
    grade = forms.ChoiceField(
        label="Grade", choices=grade_choices("Choose one"), error_messages={"required": "Choose the grade."}
    )
    local_student_id = forms.CharField(label="District ID", max_length=20, required=False)
    first_day = DateInWords(what="the first day of this enrollment", label="First day")
    code = forms.CharField(
        label="Entry code", max_length=6, widget=forms.TextInput(attrs={"id": CODE_ID}),
        error_messages={"required": "Choose the code that says how the student enters."},
    )  # fmt: skip
    forms_received_on = DateInWords(label="Enrollment forms received", required=False)
    agreement_received_on = DateInWords(label="Letter of enrollment agreement received", required=False)
    first_attended = DateInWords(label="First day attended", required=False)
    takes_over = forms.BooleanField(label="This district takes over responsibility", required=False)

    def __init__(self, *args, districts: Sequence[District], sites: Sequence[Site], **options) -> None:
        super().__init__(*args, **options)
        self.districts = {str(row.pk): row for row in districts}
        self.sites = {str(row.pk): row for row in sites}
        self.fields["site"].choices = [
            ("", "Choose one"),
            *((pk, row.name) for pk, row in self.sites.items()),
        ]
        self.fields["district"].choices = [(pk, row.name) for pk, row in self.districts.items()]
        if len(self.districts) == 1:
            del self.fields["district"]
        for name, codes in self.papers_asked(self.chosen_district).items():
            self.fields[name].help_text = f"Needed with code {', '.join(codes)}"
            if not codes:
                del self.fields[name]

    @property
    def chosen_district(self) -> District:
        """The one chosen, or the first one while nothing is."""
        chosen = str((self.data if self.is_bound else self.initial).get("district", ""))
        return self.districts.get(chosen) or next(iter(self.districts.values()))

    @property
    def chosen_site(self) -> Site:
        return self.sites[self.cleaned_data["site"]]

    def clean(self) -> dict:
        """R2.02, R2.05: nothing is received, and nobody attends, on a day that has not come."""
        typed = super().clean()
        for name in Papers.__annotations__:
            if sentence := why_not_yet(typed.get(name), timezone.localdate()):
                self.add_error(name, sentence)
        return typed

    def papers(self) -> Papers:
        return Papers(**{name: self.cleaned_data.get(name) for name in Papers.__annotations__})

    @staticmethod
    def papers_asked(district: District) -> dict[str, list[str]]:
        """For each paper the codes of the district's state that ask for it."""
        codes = codes_for(profile_of(district), Kind.ENTRY, timezone.localdate())
        registered = [code.code for code in codes if code.documents_first]
        attended = [code.code for code in codes if code.attendance_first]
        return {
            "forms_received_on": registered, "agreement_received_on": registered, "first_attended": attended
        }  # fmt: skip


class StateIdField(forms.RegexField):
    """Numbers are shown in groups, so they may be typed so."""

    def to_python(self, value: object) -> str:
        return "".join(super().to_python(value).split())


class NewChildForm(EntryForm):
    """The entry of a child that is written down for the first time."""

    state_student_id = StateIdField(
        r"^[0-9A-Za-z-]{4,20}$", label="State ID", help_text="With or without blanks",
        error_messages={"invalid": "A state ID has 4 to 20 digits or letters.",
                        "required": "Enter the state ID."},
    )  # fmt: skip
    last_name = forms.CharField(max_length=60, error_messages={"required": "Enter the last name."})
    first_name = forms.CharField(max_length=60, error_messages={"required": "Enter the first name."})
    middle_name = forms.CharField(max_length=60, required=False)
    suffix = forms.CharField(max_length=10, required=False, help_text="Such as Jr. or III")
    birth_date = DateInWords(
        what="the birth date",
        label="Birth date",
        help_text="With its year, such as Mar 12, 2015 or 3/12/2015",
    )
    sex = forms.ChoiceField(
        choices=list(SEXES.items()), widget=forms.RadioSelect,
        error_messages={"required": "Choose one."},
    )  # fmt: skip
    another_child = forms.BooleanField(label="I have checked: this is another child", required=False)
    field_order = [
        "state_student_id", "last_name", "first_name", "middle_name", "suffix", "birth_date", "another_child",
        "sex", "district", "site", "grade", "local_student_id", "first_day", "code",
    ]  # fmt: skip

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["state_student_id"].label = state_profile(
            profile_of(self.chosen_district)
        ).student_id_name

    def clean_birth_date(self):
        day = self.cleaned_data["birth_date"]
        if day > timezone.localdate():
            raise forms.ValidationError("A birth date cannot be in the future.")
        return day

    def child(self) -> Child:
        names = ("state_student_id", "last_name", "first_name", "middle_name", "suffix", "birth_date", "sex")
        return Child(**{name: self.cleaned_data[name] for name in names})
