"""What is typed about notices, contacts and requests. The questions of a notice come from its table."""

from typing import Any

from django import forms
from django.utils import timezone

from enrollment.actions import Attempt
from enrollment.models import ContactWay
from notices.actions import Asked, Handed, SignedAnswer, Typed
from notices.models import Notice, Way
from notices.rules.channels import channels_for
from notices.rules.kinds import SEPARATOR, Answer, Element, NoticeRow, elements_of
from students.models import Student
from students.rules.languages import languages
from ui.dates import DateInWords

ENGLISH = "eng"
NEEDED = "Needed before it is issued."
FILE_HINT = "PDF, a scan or a picture; it is kept with the student"


def sentence_case(text: str) -> str:
    return text[:1].upper() + text[1:]


def field_of(element: Element) -> forms.Field:
    shared = {
        "label": element.label,
        "help_text": element.question,
        "required": element.required,
        "error_messages": {"required": NEEDED},
    }
    if element.answer is Answer.TEXT:
        return forms.CharField(**shared, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4}))
    choices = [(choice, sentence_case(choice)) for choice in element.choices]
    if element.answer is Answer.ONE:
        return forms.ChoiceField(**shared, choices=choices, widget=forms.RadioSelect)
    return forms.MultipleChoiceField(**shared, choices=choices, widget=forms.CheckboxSelectMultiple)


class NoticeForm(forms.Form):
    """The elements of one kind, the day that it is about, its language. Of a draft nothing is required."""

    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, row: NoticeRow, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.row = row
        for element in elements_of(row.kind):
            self.fields[element.element] = field_of(element)
        if row.event:
            self.fields["event_on"] = DateInWords(label=row.event, error_messages={"required": NEEDED})
        self.fields["language"] = forms.ChoiceField(
            label="Written in", help_text="The language that the parents read.",
            choices=sorted(languages().items(), key=lambda pair: pair[1]),
        )  # fmt: skip

    @property
    def to_issue(self) -> bool:
        return self.data.get("do") == "issue"

    def full_clean(self) -> None:
        wanted = [each for name, each in self.fields.items() if each.required and name != "language"]
        for each in wanted:
            each.required = self.to_issue
        super().full_clean()
        for each in wanted:
            each.required = True

    def typed(self) -> Typed:
        """Of the valid form."""
        said = {}
        for element in elements_of(self.row.kind):
            value = self.cleaned_data[element.element]
            said[element.element] = SEPARATOR.join(value) if isinstance(value, list) else value
        return Typed(said, self.cleaned_data["language"], self.cleaned_data.get("event_on"))


def begins_with(row: NoticeRow, student: Student) -> dict[str, Any]:
    """What a new notice begins with: the standing texts of the table, the language of the home."""
    texts = {each.element: each.begins_with for each in elements_of(row.kind) if each.begins_with}
    language = student.home_language.lower()
    return texts | {"language": language if language in languages() else ENGLISH}


def initial_of(notice: Notice) -> dict[str, Any]:
    several = {each.element for each in elements_of(notice.kind) if each.answer is Answer.SEVERAL}
    said = {
        name: text.split(SEPARATOR) if name in several else text for name, text in notice.elements.items()
    }
    return said | {"seen": notice.version, "event_on": notice.event_on, "language": notice.language}


class DeliveryForm(forms.Form):
    channel = forms.ChoiceField(
        label="How", widget=forms.RadioSelect, error_messages={"required": "Choose how it was delivered."}
    )
    on = DateInWords(label="Delivered on", what="the day on which it was sent or handed over")
    to = forms.CharField(label="To whom", max_length=200, error_messages={"required": "Say who received it."})
    proof = forms.CharField(
        label="Proof in words", max_length=500, required=False,
        help_text="Such as the number of the mailing, or who was there when it was handed over",
    )  # fmt: skip
    file = forms.FileField(label="Proof as a file", required=False, help_text=FILE_HINT)

    def __init__(self, kind: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        rows = channels_for(kind, timezone.localdate())
        self.fields["channel"].choices = [(row.code, sentence_case(row.name)) for row in rows]

    def handed(self) -> Handed:
        return Handed(**self.cleaned_data)


class ContactForm(forms.Form):
    on = DateInWords(label="Day", what="the day of the attempt")
    at_time = forms.TimeField(
        label="Time", required=False, help_text="Such as 3:30 PM",
        input_formats=["%I:%M %p", "%I:%M%p", "%I %p", "%I%p", "%H:%M"],
        widget=forms.TimeInput(attrs={"class": "e-w-date"}, format="%I:%M %p"),
        error_messages={"invalid": "This was not understood as a time. Write it such as 3:30 PM."},
    )  # fmt: skip
    way = forms.ChoiceField(
        label="How", choices=[("", "Choose one"), *ContactWay.choices],
        error_messages={"required": "Choose how you tried to reach them."},
    )  # fmt: skip
    whom = forms.CharField(
        label="Whom", max_length=200, error_messages={"required": "Say whom you tried to reach."}
    )
    about = forms.CharField(
        label="What about", max_length=200, required=False,
        help_text="Such as consent to evaluate, or the IEP meeting of Oct 12",
    )  # fmt: skip
    result = forms.CharField(
        label="What came of it", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what came of it, also when nobody answered."},
    )  # fmt: skip
    file = forms.FileField(label="Proof", required=False, help_text=FILE_HINT)

    def tried(self) -> Attempt:
        typed = {name: value for name, value in self.cleaned_data.items() if name != "file"}
        return Attempt(**typed)


class ServicesForm(forms.Form):
    given = forms.ChoiceField(
        label="Their answer", widget=forms.RadioSelect,
        choices=[("yes", "They consent to the services"), ("no", "They refuse")],
        error_messages={"required": "Choose what they answered."},
    )  # fmt: skip
    on = DateInWords(label="Signed answer received", what="the day on which the signed answer came in")
    signed_by = forms.CharField(
        label="Signed by", max_length=200, error_messages={"required": "Say who signed."}
    )
    file = forms.FileField(label="The signed form", required=False, help_text=FILE_HINT)

    def signed(self) -> SignedAnswer:
        typed = self.cleaned_data
        return SignedAnswer(typed["given"] == "yes", typed["on"], typed["signed_by"], typed["file"])


class RevocationForm(forms.Form):
    on = DateInWords(label="Withdrawal received", what="the day on which the written withdrawal came in")
    how = forms.CharField(
        label="How they told you", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Parents withdraw their consent in writing.",
        error_messages={"required": "Say how the parents told you; they must do so in writing."},
    )  # fmt: skip
    file = forms.FileField(label="Their letter", required=False, help_text=FILE_HINT)


class ServicesEndForm(forms.Form):
    on = DateInWords(
        label="Services end on", what="the day from which no services are given",
        help_text="After the parents had a prior written notice of it, and not before the days that the"
        " state asks for.",
    )  # fmt: skip


class RecordsForm(forms.Form):
    asked_by = forms.CharField(
        label="Who asked", max_length=200, error_messages={"required": "Say who asked."}
    )
    asked_on = DateInWords(label="Asked on", what="the day on which the request came in")
    what = forms.CharField(
        label="What they want to see", max_length=500, widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say what they want to see, also when it is the whole record."},
    )  # fmt: skip
    meeting_on = DateInWords(
        label="Meeting or hearing before which they want to see it", required=False,
        help_text="Only when there is one: then it is answered before that day",
    )  # fmt: skip

    def asked(self) -> Asked:
        typed = self.cleaned_data
        return Asked(typed["asked_by"], typed["asked_on"], typed["what"], typed["meeting_on"])


class AnswerForm(forms.Form):
    on = DateInWords(label="Answered on", what="the day on which they saw the records")
    way = forms.ChoiceField(
        label="How", widget=forms.RadioSelect, choices=[(way, sentence_case(way.label)) for way in Way],
        error_messages={"required": "Choose how it was answered."},
    )  # fmt: skip
    answer = forms.CharField(
        label="What they saw or got", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
