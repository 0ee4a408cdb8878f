"""Forms: field, error_summary, code_picker, effects, conflict, sections, checks, compare."""

from collections.abc import Sequence
from dataclasses import dataclass

from django import template
from django.forms import BaseForm
from django.forms.boundfield import BoundField
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ui.field_group import field_error
from ui.parts import Check, CodeOption, Difference, Effect, Section, Version

register = template.Library()
register.simple_tag(field_error)


@dataclass(frozen=True)
class ErrorLine:
    text: str
    target: str = ""


@register.simple_tag
def field(bound: BoundField) -> SafeString:
    """Label, hint, message, control, and what was understood."""
    return bound.as_field_group()


@register.inclusion_tag("ui/error_summary.html")
def error_summary(form: BaseForm, id: str = "errors-title"):
    """Every message with a link to its control; takes the focus when the page opens.

    Stands above the form; `{{ form }}` brings it only when the page did not.
    """
    form.summarised = True  # type: ignore[attr-defined]
    lines = [ErrorLine(str(message)) for message in form.non_field_errors()] if form.is_bound else []
    if form.is_bound:
        lines += [
            ErrorLine(_line(str(bound.label), str(message)), getattr(bound, "control_id", bound.id_for_label))
            for bound in form
            if bound.errors
            for message in bound.errors
        ]
    return {"lines": lines, "id": f"{form.prefix}-{id}" if form.prefix else id}


def _line(label: str, message: str) -> str:
    return f"{label} {message}" if label.endswith(("?", ":", ".")) else f"{label}: {message}"


@register.inclusion_tag("ui/code_picker.html")
def code_picker(
    legend: str,
    name: str,
    options: Sequence[CodeOption],
    *,
    hint: str = "",
    query: str = "",
    url: str = "",
    total: int = 0,
    error: str = "",
    noun: str = "code",
):
    """A search box over radio buttons. Works without script through Find, a submit button named `find`.

    `url` answers `?{name}_q=…` with the template `ui/code_options.html` for the same options.
    """
    described = " ".join(f"{name}-{part}" for part, there in (("hint", hint), ("error", error)) if there)
    return {
        "legend": legend,
        "name": name,
        "options": options,
        "hint": hint,
        "query": query,
        "url": url,
        "total": total,
        "error": error,
        "noun": noun,
        "described": described,
    }


@register.simple_tag
def hit(text: str, query: str) -> SafeString:
    """The text with the first occurrence of the query marked."""
    start = text.lower().find(query.strip().lower()) if query.strip() else -1
    if start < 0:
        return escape(text)
    end = start + len(query.strip())
    return format_html('{}<mark class="e-hit">{}</mark>{}', text[:start], text[start:end], text[end:])


@register.inclusion_tag("ui/effects.html")
def effects(items: Sequence[Effect], summary: str = "", url: str = "", id: str = "effects"):
    """ "What happens when you save": stands after the fields and before the button."""
    return {"effects": items, "summary": summary, "url": url, "id": id}


@register.inclusion_tag("ui/conflict.html")
def conflict(
    sentence: str,
    mine: Version,
    theirs: Version,
    name: str,
    labelled_by: str = "",
    id: str = "conflict",
    detail: str = "",
):
    """Both texts with the differing words underlined; the person chooses one."""
    return {
        "sentence": sentence,
        "versions": [mine, theirs],
        "name": name,
        "labelled_by": labelled_by,
        "id": id,
        "detail": detail,
    }


@register.simple_tag
def pieces(version: Version) -> SafeString:
    parts = ((format_html("<ins>{}</ins>", text) if differs else text,) for text, differs in version.pieces)
    return format_html_join("", "{}", parts)


@register.inclusion_tag("ui/sections.html")
def sections(
    items: Sequence[Section], note: str = "", label: str = "Sections", url: str = "", link: str = ""
):
    """The sections of a long document: state, and who is in each."""
    return {"sections": items, "note": note, "label": label, "url": url, "link": link}


@register.inclusion_tag("ui/checks.html")
def checks(items: Sequence[Check]):
    """What is left to do, as links."""
    return {"checks": items}


@register.inclusion_tag("ui/compare.html")
def compare(heads: Sequence[str], rows: Sequence[Difference], caption: str = "Comparison"):
    """Should be, is there, sent: only differing rows are tinted. `heads` are the columns after the label."""
    return {
        "heads": heads,
        "rows": [(row, list(zip(heads, row.values, strict=True))) for row in rows],
        "caption": caption,
    }
