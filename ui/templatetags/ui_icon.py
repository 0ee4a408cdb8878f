"""Icons from the vendored sprite, and the status that every other component shows."""

from functools import cache

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ui.parts import TONE_ICONS, Status


def attribute(name: str, value: str) -> SafeString | str:
    """` name="value"`, or nothing when there is no value."""
    return format_html(' {}="{}"', name, value) if value else ""


@cache
def file_address(path: str) -> str:
    """Where a static file is, such as `ui/eser.css`: the same as long as a process lives."""
    return static(path)


@cache
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon; the words beside it carry the meaning."""
    return format_html(
        '<svg class="usa-icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {css}" if css else "",
        file_address("vendor/uswds/img/sprite.svg"),
        name,
    )


def status_html(status: Status, *, tag: bool = False) -> SafeString:
    return format_html(
        '<span class="e-status e-status--{}{}">{}{}</span>',
        status.tone,
        " e-status--tag" if tag else "",
        icon(status.icon or TONE_ICONS[status.tone]),
        status.text,
    )
