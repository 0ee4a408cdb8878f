"""Charts: bars, bar (in a row), stacks, steps, lanes, key. Each brings its numbers as a table too."""

from collections.abc import Sequence
from datetime import date

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui import charts

register = template.Library()


@register.inclusion_tag("ui/chart.html")
def bars(title: str, values: Sequence[charts.Bar], heads: str = "When|How many", download: str = ""):
    """Upright bars: counts by week, by month, by group."""
    return _chart(title, charts.bars_svg(title, values), values, heads, download)


@register.inclusion_tag("ui/chart.html")
def steps(title: str, values: Sequence[charts.Point], heads: str = "Known on|How many", download: str = ""):
    """A number over time that holds from one point to the next."""
    return _chart(title, charts.steps_svg(title, values) if values else "", values, heads, download)


@register.simple_tag
def stacks(title: str, values: Sequence[charts.Stack]) -> SafeString:
    """Wholes and their parts, a lying bar each; for a panel that has the numbers as a table anyway."""
    return charts.stacks_svg(title, values)


def _chart(
    title: str, svg: SafeString | str, values: Sequence[charts.Bar | charts.Point], heads: str, download: str
):
    label_head, number_head = heads.split("|")
    return {
        "title": title,
        "svg": svg,
        "values": values,
        "label_head": label_head,
        "number_head": number_head,
        "download": download,
    }


@register.simple_tag
def bar(share: float, ink: charts.Ink = "soft") -> SafeString:
    """A lying bar inside a table row; `share` from 0 to 1."""
    return charts.bar_svg(share, ink)


@register.inclusion_tag("ui/lanes.html")
def lanes(text: str, rows: Sequence[charts.Lane], first: date, last: date, today: date | None = None):
    """Spans side by side: enrollment, evaluation, IEP. `text` is what a listener hears instead."""
    return {"names": [row.name for row in rows], "svg": charts.lanes_svg(text, rows, first, last, today)}


@register.simple_tag
def key(items: Sequence[tuple[str, str]]) -> SafeString:
    """What the colours mean: pairs of (ink, meaning)."""
    entries = format_html_join(
        "",
        '<li><svg aria-hidden="true" focusable="false">'
        '<rect class="c-{}" width="12" height="12" rx="2"></rect></svg>{}</li>',
        items,
    )
    return format_html('<ul class="e-key">{}</ul>', entries)
