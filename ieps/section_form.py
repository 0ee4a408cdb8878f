"""The controls of one section: one for each field and each cell of a table, with the text as typed."""

from collections.abc import Iterable, Mapping

from django import forms
from django.utils import timezone
from django.utils.html import format_html

from ieps.items import Entry
from ieps.rules.codes import CODE_TABLES, CodeSet, codes
from ieps.values import NO, YES, offered, read_back

SHORT = {"line", "int", "decimal"}
Choices = list[tuple[str, str]]


def section_form(
    entries: Iterable[Entry], texts: Mapping[str, str], *, editable: bool, elsewhere: Mapping[str, Choices]
) -> forms.Form:
    """Nothing is required of a draft. `elsewhere`: what is chosen from records, by type (site, goal).

    The fields are of this form alone: those of a form type would be copied.
    """
    form = forms.Form(initial=texts)
    form.fields = {
        entry.key: control(entry, texts.get(entry.key, ""), editable, elsewhere.get(entry.type))
        for entry in entries
    }
    return form


def control(entry: Entry, text: str, editable: bool, elsewhere: Choices | None = None) -> forms.Field:
    options = {"label": label_of(entry), "help_text": entry.hint, "disabled": not editable}
    options["required"] = entry.required
    if entry.type == "bool" and text in ("", YES, NO):
        yes_or_no = [(YES, "Yes"), (NO, "No")]
        return forms.ChoiceField(choices=yes_or_no, widget=forms.RadioSelect, **options)
    choices = elsewhere if elsewhere is not None else choices_of(entry.type)
    if choices:
        kept = [] if not text or text in dict(choices) else [(text, text)]
        return forms.ChoiceField(choices=[("", "Choose one"), *choices, *kept], **options)
    return _typed(entry, text, options)


def label_of(entry: Entry) -> str:
    """Who does not see what "Explain" or "Date" stands below hears it."""
    if not entry.answers_on or not entry.field:
        return entry.label
    return format_html('{}<span class="usa-sr-only">: {}</span>', entry.label, entry.field.label)


def _typed(entry: Entry, text: str, options: dict) -> forms.Field:
    if "\n" in text or entry.type not in {*SHORT, "date"}:
        return forms.CharField(widget=forms.Textarea(attrs={"rows": _rows(text, entry)}), **options)
    narrow = {"date": "e-w-date", "int": "e-w-number", "decimal": "e-w-number"}.get(entry.type, "")
    widget = forms.TextInput(attrs={"autocomplete": "off", **({"class": narrow} if narrow else {})})
    field = forms.CharField(widget=widget, **options)
    if entry.type in ("date", "int", "decimal"):
        field.read_back = lambda typed: read_back(entry.type, typed or "", timezone.localdate())
    return field


def choices_of(kind: str) -> Choices:
    """The codes of a field for new IEPs; none for one that is typed."""
    if not kind.startswith("code:"):
        return []
    retired = {
        row.code
        for name in kind.removeprefix("code:").split("|")
        if name in CODE_TABLES
        for row in codes(CodeSet(name))
        if not getattr(row, "for_new_ieps", True)
    }
    return [(code, f"{code} {name}") for code, name in offered(kind).items() if code not in retired]


def _rows(text: str, entry: Entry) -> int:
    """Tall enough to read what is there; low in a line of a table."""
    least = 2 if entry.column or entry.answers_on else 3
    return min(16, max(least, text.count("\n") + len(text) // 80 + 2))
