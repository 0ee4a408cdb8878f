"""A field of a form as people meet it: label, hint, message, control, and what was understood of it.

Joined here and not by a template: a section of an IEP has dozens of fields.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.templatetags.ui_icon import attribute, icon

if TYPE_CHECKING:
    from ui.forms import DescribedField


def field_group(field: "DescribedField") -> SafeString:
    if field.is_checkbox:
        return _checkbox(field)
    return _fieldset(field) if field.use_fieldset else _control(field)


def field_error(id: str, messages: Sequence[str]) -> SafeString:
    return format_html(
        '<span class="usa-error-message" id="{}">{}<span>{}</span></span>',
        id,
        icon("error"),
        " ".join(messages),
    )


def _control(field: "DescribedField") -> SafeString:
    return format_html(
        '<div class="usa-form-group{}">\n<label class="usa-label" for="{}">{}{}</label>\n{}{}{}\n{}</div>',
        _tone(field), field.id_for_label, field.label, _optional(field), _hint(field), _message(field),
        field, _read(field),
    )  # fmt: skip


def _fieldset(field: "DescribedField") -> SafeString:
    return format_html(
        '<fieldset{} class="usa-fieldset usa-form-group{}"{}>\n<legend class="usa-legend">{}{}</legend>\n'
        "{}{}{}</fieldset>",
        attribute("id", field.auto_id if field.is_options else ""), _tone(field),
        attribute("aria-describedby", field.aria_describedby or ""),
        field.label, _optional(field), _hint(field), _message(field),
        _options(field) if field.is_options else field,
    )  # fmt: skip


def _options(field: "DescribedField") -> SafeString:
    css = field.option_class
    return format_html_join(
        "",
        '<div class="{0}">{1}<label class="{0}__label" for="{2}">{3}</label></div>\n',
        ((css, option.tag(), option.id_for_label, option.choice_label) for option in field.subwidgets),
    )


def _checkbox(field: "DescribedField") -> SafeString:
    return format_html(
        '<div class="usa-form-group{}">\n{}<div class="usa-checkbox">{}'
        '<label class="usa-checkbox__label" for="{}">{}</label></div>\n{}</div>',
        _tone(field), _message(field), field, field.id_for_label, field.label,
        _hint(field, " e-hint--option", end=""),
    )  # fmt: skip


def _tone(field: "DescribedField") -> str:
    return " usa-form-group--error" if field.errors else ""


def _optional(field: "DescribedField") -> SafeString | str:
    return format_html(' <span class="e-optional">({})</span>', "optional") if field.says_optional else ""


def _hint(field: "DescribedField", css: str = "", end: str = "\n") -> SafeString | str:
    if not field.help_text:
        return ""
    named = attribute("id", field.hint_id)
    return format_html('<span class="usa-hint{}"{}>{}</span>{}', css, named, field.help_text, end)


def _message(field: "DescribedField") -> SafeString | str:
    return field_error(field.error_id, field.errors) if field.errors else ""


def _read(field: "DescribedField") -> SafeString | str:
    read = field.read
    named = attribute("id", f"{field.auto_id}-read" if field.auto_id else "")
    return format_html('<span class="e-read"{}>{}</span>', named, read) if read else ""
