"""What is typed in an IEP."""

from django import forms

from evaluations.rules.codes import exceptionalities
from ieps.outline import Chapter, Entry
from ieps.rules.codes import CODE_TABLES, CodeSet, codes

SHORT = {"date", "int", "decimal", "code+date", "date range", "bool+date", "site", "staff"}


def choices(code_set: CodeSet) -> list[tuple[str, str]]:
    offered = [row for row in codes(code_set) if getattr(row, "for_new_ieps", True)]
    return [(row.code, f"{row.code} {row.name}") for row in offered]


class DraftForm(forms.Form):
    kind = forms.ChoiceField(
        label="Type of IEP", widget=forms.RadioSelect, error_messages={"required": "Choose the type of IEP."}
    )
    category = forms.ChoiceField(label="Category", widget=forms.RadioSelect, initial="REG")

    def __init__(self, *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["kind"].choices = choices(CodeSet.IEP_TYPE)
        self.fields["category"].choices = choices(CodeSet.IEP_CATEGORY)


class DiscardForm(forms.Form):
    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="Kept in the journal, with your name and the time.",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why: the reason is kept in the journal."},
    )


def section_form(chapter: Chapter, texts: dict[str, str], *, editable: bool) -> forms.Form:
    """One control for each field of the section, holding its text. Nothing is required of a draft."""
    fields = {entry.key: control(entry, texts.get(entry.key, ""), editable) for entry in chapter.entries}
    form_type = type("SectionForm", (forms.Form,), fields)
    return form_type(initial=texts)


def control(entry: Entry, text: str, editable: bool) -> forms.Field:
    options = {
        "label": entry.label,
        "help_text": entry.hint,
        "required": entry.required,
        "disabled": not editable,
    }
    offered = _choices_of(entry, text)
    if offered:
        return forms.ChoiceField(choices=offered, **options)
    if (entry.type in SHORT or entry.type.startswith("code:")) and "\n" not in text:
        return forms.CharField(widget=forms.TextInput(attrs={"autocomplete": "off"}), **options)
    return forms.CharField(widget=forms.Textarea(attrs={"rows": _rows(text)}), **options)


def _choices_of(entry: Entry, text: str) -> list[tuple[str, str]]:
    """The code set as choices; what was kept from elsewhere stays choosable."""
    if entry.type in ("bool", "radio"):
        offered = [("Yes", "Yes"), ("No", "No")] if entry.type == "bool" else []
    else:
        names = entry.field.code_sets if entry.field else ()
        offered = [choice for name in names for choice in _choices_called(name)]
    if offered and text and text not in {value for value, _ in offered}:
        offered.append((text, text))
    return [("", "Choose one"), *offered] if offered else []


def _choices_called(name: str) -> list[tuple[str, str]]:
    """The choices of a code set; none for one that has no table, which is then typed."""
    if name == "exceptionality":
        return [(row.code, str(row)) for row in exceptionalities()]
    return choices(CodeSet(name)) if name in CODE_TABLES else []


def _rows(text: str) -> int:
    """Tall enough to read what is there."""
    return min(16, max(3, text.count("\n") + len(text) // 80 + 2))
