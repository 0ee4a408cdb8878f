"""Every component of the product: `{% load ui %}` brings them all.

Here: icon, status, due, notice, panel, actions, empty, refusal, saved, progress, phases, face and the
date filters. Lists, charts, forms and the parts of a student's page have files of their own.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django import template
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui import dates
from ui.parts import TONE_ICONS, Phase, Status, Way
from ui.templatetags import ui_chart, ui_form, ui_list, ui_student
from ui.templatetags.ui_icon import attribute, file_address, icon, status_html

register = template.Library()
for library in (ui_chart, ui_form, ui_list, ui_student):
    register.tags.update(library.register.tags)
    register.filters.update(library.register.filters)

DUE_SOON = 7  # days: "due this week"
NOTICE_ICONS = {"info": "info", "good": "check_circle", "warn": "warning", "bad": "error"}
PHASE_ICONS = {"done": "check_circle", "now": "autorenew", "todo": "radio_button_unchecked"}
MESSAGE_TONES = {"success": "good", "warning": "warn", "error": "bad"}

register.simple_tag(icon)
register.simple_tag(file_address)


@register.simple_tag
def vendor(path: str) -> str:
    """The URL of a vendored file, such as `uswds/js/uswds.min.js`."""
    return file_address(f"vendor/{path}")


@register.simple_tag
def status(tone: str, text: object, icon: str = "", tag: bool = False) -> SafeString:
    """Colour, icon and words; `tag=True` gives it a rounded ground."""
    return status_html(Status(tone, str(text), icon), tag=tag)


@register.simple_tag
def show_status(value: Status | None, tag: bool = False) -> SafeString | str:
    return status_html(value, tag=tag) if value else ""


@register.simple_tag
def due(day: date | None, today: date | None = None) -> SafeString | str:
    """A deadline: the day in words over how far away it is, coloured by urgency."""
    if day is None:
        return ""
    return format_html(
        '<span class="e-nowrap">{}</span><span class="e-block">{}</span>',
        dates.in_words(day),
        status_html(urgency(day, today or timezone.localdate())),
    )


@register.simple_tag
def due_status(day: date | None, today: date | None = None) -> SafeString | str:
    """Only how far away a deadline is."""
    return status_html(urgency(day, today or timezone.localdate())) if day else ""


def urgency(day: date, today: date) -> Status:
    words = dates.how_far(day, today, overdue=True)
    if day < today:
        return Status("bad", words)
    return (
        Status("warn", words, "schedule")
        if (day - today).days <= DUE_SOON
        else Status("quiet", words, "event")
    )


@register.filter
def day(value: date | datetime | None) -> str:
    """ "Oct 1, 2026" """
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return dates.in_words(value) if value else ""


@register.filter
def long_day(value: date | None) -> str:
    """ "Friday, Sep 4, 2026" """
    return dates.with_weekday(value) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """ "Sep 16, 2026, 6:02 pm" """
    return dates.moment_in_words(value) if value else ""


@register.filter
def at(value: datetime | None) -> str:
    """ "6:02 pm" """
    return dates.clock(timezone.localtime(value) if timezone.is_aware(value) else value) if value else ""


@register.filter
def short_time(value: datetime | None) -> str:
    """ "6:02" """
    return at(value).split()[0] if value else ""


@register.filter
def ago(value: date | datetime | None, overdue: str = "") -> str:
    """ "in 5 days", "tomorrow", "3 days ago"; `|ago:"overdue"` says "3 days overdue" """
    if not value:
        return ""
    day_of = timezone.localtime(value).date() if isinstance(value, datetime) else value
    return dates.how_far(day_of, timezone.localdate(), overdue=bool(overdue))


@register.simple_block_tag
def notice(
    content: SafeString, tone: str = "info", url: str = "", action: str = "", live: bool = False
) -> SafeString:
    """A slim alert with at most one action: `{% notice "warn" url=… action="Open it" %}…{% endnotice %}`."""
    button = (
        format_html(
            '<a class="usa-button usa-button--small usa-button--outline e-notice__act" href="{}">{}</a>',
            url,
            action,
        )
        if url
        else ""
    )
    return format_html(
        '<div class="e-notice e-notice--{}"{}>{}<div>{}</div>{}</div>',
        tone,
        attribute("role", "status" if live else ""),
        icon(NOTICE_ICONS[tone]),
        content,
        button,
    )


@register.filter
def message_tone(tags: str) -> str:
    """The tone of a notice for the level of a Django message."""
    return next((tone for level, tone in MESSAGE_TONES.items() if level in (tags or "")), "info")


@register.simple_block_tag
def panel(
    content: SafeString,
    title: str,
    *,
    id: str = "",
    meta: object = "",
    url: str = "",
    link: str = "",
    head: SafeString | str = "",
    body: bool = True,
) -> SafeString:
    """The only container. Its head may end with words (`meta`), a link, or HTML such as chips (`head`).

    `body=False` when the content brings its own padding (a table, a list).
    """
    name = id or "p-" + "".join(c if c.isalnum() else "-" for c in title.lower())
    end = [head] if head else []
    end += [format_html('<span class="e-meta">{}</span>', meta)] if meta else []
    end += [format_html('<a href="{}">{}</a>', url, link)] if url else []
    return format_html(
        '<section class="e-panel" aria-labelledby="{0}">'
        '<div class="e-panel__head"><h2 id="{0}">{1}</h2>{2}</div>{3}</section>',
        name,
        title,
        format_html_join("", "{}", ((part,) for part in end)),
        format_html('<div class="e-panel__body">{}</div>', content) if body else content,
    )


@register.simple_block_tag
def page_head(content: SafeString, title: str, sub: object = "") -> SafeString:
    """The title of the page, one sentence below it, and its buttons at the right."""
    return format_html(
        '<div class="e-head"><div class="e-head__text"><h1>{}</h1>{}</div>{}</div>',
        title,
        format_html('<p class="e-head__sub">{}</p>', sub) if sub else "",
        format_html('<div class="e-head__actions">{}</div>', content) if content.strip() else "",
    )


@register.simple_tag
def crumbs(*parts: str) -> SafeString:
    """Where the page lies: label and URL in turn, the last one a label alone."""
    links = format_html_join("", '<li><a href="{}">{}</a></li>', zip(parts[1::2], parts[:-1:2], strict=True))
    return format_html(
        '<nav aria-label="Where you are"><ol class="e-crumb">{}<li>{}</li></ol></nav>', links, parts[-1]
    )


@register.simple_block_tag
def actions(content: SafeString) -> SafeString:
    """A row of buttons and links; the first is the one filled button of the task."""
    return format_html('<div class="e-actions">{}</div>', content)


@register.inclusion_tag("ui/empty.html")
def empty(why: str, next: str = "", url: str = "", link: str = "", icon: str = "search"):
    """Why a list is empty, and what to do next."""
    return {"why": why, "next": next, "url": url, "link": link, "icon": icon}


@register.inclusion_tag("ui/refusal.html")
def refusal(
    sentence: str,
    detail: str = "",
    ways: Sequence[Way] = (),
    reference: str = "",
    tag: str = "Nothing was changed",
):
    """The sentence as title, then who can and what to do."""
    return {"sentence": sentence, "detail": detail, "ways": ways, "reference": reference, "tag": tag}


@register.simple_tag
def saved(at: datetime | None = None, label: str = "Saved") -> SafeString:
    """The polite live region of autosave: "Saved 10:42"."""
    words = f"{label} {dates.short_clock(timezone.localtime(at))}" if at else ""
    inner = format_html("{}{}", icon("check_circle"), words) if words else ""
    return format_html('<span class="e-save" role="status" data-autosave-status>{}</span>', inner)


@register.inclusion_tag("ui/progress.html")
def progress(done: int, total: int, label: str, note: str = "", counted: str = ""):
    """A native progress bar with its counts: "41 of 63 decided"."""
    share = f"{100 * done // total}%" if total else "0%"
    return {
        "done": done,
        "total": max(total, 1),
        "label": label,
        "note": note or share,
        "counted": counted,
        "share": share,
    }


@register.inclusion_tag("ui/phases.html")
def phases(steps: Sequence[Phase]):
    return {"phases": [(step, PHASE_ICONS[step.state]) for step in steps]}


@register.simple_tag
def face(name: str, shade: int = 1) -> SafeString:
    """A person's initials in a circle; decoration beside the written name."""
    words = name.split()
    initials = "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()
    return format_html('<span class="e-face e-face--{}" aria-hidden="true">{}</span>', shade, initials)


@register.simple_tag
def tone_icon(tone: str, name: str = "") -> SafeString:
    return icon(name or TONE_ICONS[tone], f"i-{tone}")
