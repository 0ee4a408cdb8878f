"""The controls of forms, written as Django's own templates write them.

A page with dozens of them spends most of its time in those templates: one for each control, one for each of
its options, and one for the attributes of each. A test holds these here against those.
"""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString

Widget = Mapping[str, Any]  # as a widget describes itself to its template


def _attributes(widget: Widget) -> SafeString:
    given = ((name, value) for name, value in widget["attrs"].items() if value is not False)
    return SafeString("".join(_attribute(name, value) for name, value in given))  # nosec B703: escaped


@lru_cache(2_000, typed=True)
def _attribute(name: str, value: object) -> str:
    if value is True:
        return f" {conditional_escape(name)}"
    return f' {conditional_escape(name)}="{conditional_escape(str(value))}"'


def _input(widget: Widget) -> SafeString:
    value = widget["value"]
    return format_html(
        '<input type="{}" name="{}"{}{}>',
        widget["type"],
        widget["name"],
        "" if value is None else format_html(' value="{}"', str(value)),
        _attributes(widget),
    )


def _textarea(widget: Widget) -> SafeString:
    return format_html(
        '<textarea name="{}"{}>\n{}</textarea>', widget["name"], _attributes(widget), widget["value"] or ""
    )


def _select(widget: Widget) -> SafeString:
    groups = "".join(_group(name, options) for name, options, _ in widget["optgroups"])
    opening = format_html('<select name="{}"{}>', widget["name"], _attributes(widget))
    return SafeString(f"{opening}{groups}\n</select>")  # nosec B703: each option is escaped


def _group(name: str | None, options: list[Widget]) -> str:
    within = "".join(f"\n  {_option(option)}" for option in options)
    return f'\n  <optgroup label="{conditional_escape(name)}">{within}\n  </optgroup>' if name else within


def _option(widget: Widget) -> str:
    value, label = conditional_escape(str(widget["value"])), conditional_escape(widget["label"])
    return f'<option value="{value}"{_attributes(widget)}>{label}</option>'


HERE = "django/forms/widgets/"
INPUTS = ("input", "text", "number", "email", "url", "password", "hidden", "date", "checkbox")
OPTIONS = ("radio_option", "checkbox_option")  # without a label around them
WRITTEN: dict[str, Callable[[Widget], SafeString]] = {
    f"{HERE}textarea.html": _textarea,
    f"{HERE}select.html": _select,
    **{f"{HERE}{kind}.html": _input for kind in (*INPUTS, *OPTIONS)},
}


def control(template: str, widget: Widget) -> SafeString | None:
    """None for what is left to its template."""
    return None if widget.get("wrap_label") or template not in WRITTEN else WRITTEN[template](widget)
