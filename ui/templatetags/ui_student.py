"""A student's page: student_bar, facts, timeline."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.dates import MONTHS
from ui.parts import Event, Fact
from ui.templatetags.ui_list import in_words

register = template.Library()


@register.inclusion_tag("ui/student_bar.html")
def student_bar(
    name: str,
    ids: Sequence[Fact] = (),
    facts: Sequence[Fact] = (),
    *,
    url: str = "",
    due: date | None = None,
    due_what: str = "",
    due_why: str = "",
    due_url: str = "",
    due_link: str = "",
    today: date | None = None,
    actions: SafeString | str = "",
):
    """The header that stays. Without `facts` it is the short one of a task page; `url` links the name.

    `due`, `due_what` and `due_why` name the next deadline and how it is counted.
    `actions` is rendered HTML (from `{% actions %}` or format_html) for the right end.
    """
    return {
        "name": name,
        "ids": ids,
        "facts": facts,
        "url": url,
        "due": due,
        "due_what": due_what,
        "due_why": due_why,
        "due_url": due_url,
        "due_link": due_link,
        "today": today,
        "actions": actions,
    }


@register.simple_tag
def facts(items: Sequence[Fact], columns: int = 1) -> SafeString:
    """A list of label and value, in a side panel or inside an event."""
    rows = (
        (
            fact.label,
            in_words(fact.value),
            format_html('<span class="e-cell-sub">{}</span>', fact.sub) if fact.sub else "",
        )
        for fact in items
    )
    body = format_html_join("", "<div><dt>{}</dt><dd>{} {}</dd></div>", rows)
    return format_html('<dl class="e-facts{}">{}</dl>', " e-facts--2" if columns == 2 else "", body)


@register.inclusion_tag("ui/timeline.html")
def timeline(events: Sequence[Event]):
    """Events by year, newest first; each opens in place and fetches its body on first opening."""
    newest_first = sorted(events, key=lambda event: event.day, reverse=True)
    years = [(year, list(found)) for year, found in groupby(newest_first, key=lambda event: event.day.year)]
    return {"years": years}


@register.filter
def short_day(day: date) -> str:
    """ "Sep 22": the year stands above."""
    return f"{MONTHS[day.month - 1]} {day.day}"
