"""What is typed about statements of a bank."""

from collections.abc import Iterable

from django import forms
from django.utils import timezone

from ieps.bank import fields_with_words
from organizations.models import District
from ui.dates import DateInWords

MINE = "mine"
NO_CHILD = "Without names, numbers or birthdays: other children will have these words."


def whose_choices(districts: Iterable[District]) -> list[tuple[str, str]]:
    return [(MINE, "Only for me"), *((str(each.pk), f"For everybody of {each}") for each in districts)]


class WhoseForm(forms.Form):
    """`districts`: those whose bank this person keeps."""

    whose = forms.ChoiceField(label="Whose bank", widget=forms.RadioSelect, initial=MINE)

    def __init__(self, districts: Iterable[District], *args, **options) -> None:
        super().__init__(*args, **options)
        self.by_key = {str(each.pk): each for each in districts}
        self.fields["whose"].choices = whose_choices(self.by_key.values())

    @property
    def district(self) -> District | None:
        """The district that was chosen, None for the person's own bank."""
        return self.by_key.get(self.cleaned_data["whose"])


class StatementForm(WhoseForm):
    place = forms.ChoiceField(label="Field of the form", error_messages={"required": "Choose the field."})
    area = forms.CharField(label="Area", max_length=60, required=False, help_text="Such as Reading.")
    text = forms.CharField(
        label="Words",
        help_text=NO_CHILD,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": "Write the words to keep."},
    )

    def __init__(self, districts: Iterable[District], *args, **options) -> None:
        super().__init__(districts, *args, **options)
        places = [(f"{section}.{field}", label) for (section, field), label in fields_with_words().items()]
        self.fields["place"].choices = [("", "Choose one"), *places]
        self.order_fields(["place", "area", "text", "whose"])

    @property
    def named(self) -> dict[str, str]:
        section, _, field = self.cleaned_data["place"].partition(".")
        return {"section": section, "field": field}


class BankFileForm(WhoseForm):
    file = forms.FileField(
        label="CSV file",
        help_text="With the columns section, field, area and text. What is there already comes only once.",
        error_messages={"required": "Choose the file."},
    )

    def __init__(self, districts: Iterable[District], *args, **options) -> None:
        # It stands beside the form of one statement, which asks whose bank too.
        super().__init__(districts, *args, auto_id="id_file_%s", **options)
        self.order_fields(["file", "whose"])


class KeepForm(WhoseForm):
    """A text of an IEP is kept for the next time."""

    area = forms.CharField(label="Area", max_length=60, required=False)


class RetireForm(forms.Form):
    last_day = DateInWords(label="Last day", what="the last day on which it is offered")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, initial={"last_day": timezone.localdate()}, **options)
