"""Charts as SVG made on the server: x in percent and no viewBox, so that text never shrinks.

Colours come by class from the style sheet. Every chart has a text that says the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

Ink = str  # accent, soft, quiet, warn or bad

BAR_AREA = 33  # px above the axis for the tallest bar
BAR_BASE = 46  # px from the top to the axis
NARROW_LABELS = 8  # as many fit below upright bars on a narrow page
STACK_PITCH, STACK_TOP, STACK_HEIGHT = 38, 17, 14  # px: words above, the bar below
STEP_TOP, STEP_BASE = 35, 170
STEP_LEFT = 0.15  # share of the width kept for the scale at the left
LANE_TOP, LANE_HEIGHT, LANE_PITCH = 26, 18, 28
LANE_FOOT = 16  # px below the lanes, for the word Today


@dataclass(frozen=True)
class Bar:
    """`url`: what is behind the number; it opens from the table beside the chart."""

    label: str
    n: int
    ink: Ink = "soft"
    url: str = ""


@dataclass(frozen=True)
class Point:
    label: str
    n: float


@dataclass(frozen=True)
class Span:
    """A stretch of days in a lane; `last` None means it goes on."""

    first: date
    last: date | None
    label: str = ""
    ink: Ink = "soft"


@dataclass(frozen=True)
class Lane:
    name: str
    spans: Sequence[Span] = ()
    moments: Sequence[date] = ()


def percent(share: float) -> str:
    return f"{round(100 * share, 2):g}%"


def bars_text(title: str, bars: Sequence[Bar]) -> str:
    return f"{title}: " + ", ".join(f"{bar.label} {bar.n:,}" for bar in bars) + "."


def bars_svg(title: str, bars: Sequence[Bar]) -> SafeString:
    """Upright bars over an axis, each with its number."""
    most = max((bar.n for bar in bars), default=0) or 1
    pitch = 1 / max(len(bars), 1)
    step = -(-len(bars) // NARROW_LABELS) or 1
    told = {i for i in range(len(bars)) if (len(bars) - 1 - i) % step == 0}  # the last is always told
    drawn = format_html_join(
        "\n", "{}", ((_bar(bar, i * pitch, pitch, most, i in told),) for i, bar in enumerate(bars))
    )
    return format_html(
        '<svg class="e-chart" height="66" role="img" aria-label="{}">{}'
        '<line class="s-axis" x1="0" x2="100%" y1="46.5" y2="46.5"></line></svg>',
        bars_text(title, bars),
        drawn,
    )


def _bar(bar: Bar, left: float, pitch: float, most: int, told: bool) -> SafeString:
    """`told`: its label stands on a narrow page too."""
    height = max(round(BAR_AREA * bar.n / most, 1), 1 if bar.n else 0)
    middle = percent(left + pitch / 2)
    number = format_html(
        '<text class="{}" x="{}" y="{}" text-anchor="middle">{}</text>',
        "t-bad" if bar.ink == "bad" else "is-strong",
        middle,
        BAR_BASE - height - 4,
        f"{bar.n:,}",
    )
    return format_html(
        '<rect class="c-{}" x="{}" y="{}" width="{}" height="{}" rx="1.5"></rect>{}'
        '<text class="{}" x="{}" y="62" text-anchor="middle">{}</text>',
        bar.ink,
        percent(left + pitch * 0.16),
        BAR_BASE - height,
        percent(pitch * 0.68),
        height,
        number if bar.n else "",
        "" if told else "e-hide-narrow",
        middle,
        bar.label,
    )


def bar_svg(share: float, ink: Ink = "soft") -> SafeString:
    """A lying bar for a table row; the number stands in its own cell."""
    return format_html(
        '<svg class="e-bar" aria-hidden="true" focusable="false">'
        '<rect class="c-tint" width="100%" height="10" rx="2"></rect>'
        '<rect class="c-{}" width="{}" height="10" rx="2"></rect></svg>',
        ink,
        percent(min(max(share, 0), 1)),
    )


@dataclass(frozen=True)
class Stack:
    """A whole and its parts, as (what, how many, ink); a part of nothing is left out."""

    label: str
    parts: Sequence[tuple[str, int, Ink]]

    @property
    def n(self) -> int:
        return sum(n for _, n, _ in self.parts)


def stacks_text(title: str, stacks: Sequence[Stack]) -> str:
    told = (
        f"{stack.label} {stack.n:,}: " + ", ".join(f"{n:,} {what}" for what, n, _ in stack.parts if n)
        for stack in stacks
    )
    return f"{title}. " + "; ".join(told) + "."


def stacks_svg(title: str, stacks: Sequence[Stack]) -> SafeString:
    """A lying bar for each whole, all of one length; its parts differ in colour, order and height."""
    drawn = (_stack(stack, STACK_PITCH * place) for place, stack in enumerate(stacks))
    return format_html(
        '<svg class="e-chart" height="{}" role="img" aria-label="{}">{}</svg>',
        STACK_PITCH * len(stacks),
        stacks_text(title, stacks),
        format_html_join("", "{}", ((part,) for part in drawn)),
    )


def _stack(stack: Stack, top: int) -> SafeString:
    bars, left = [], 0.0
    for place, (_, n, ink) in enumerate(part for part in stack.parts if part[1]):
        share = n / stack.n
        bars.append(
            (ink, percent(left), top + STACK_TOP + 2 * place, percent(share), STACK_HEIGHT - 4 * place)
        )
        left += share
    return format_html(
        '<text class="is-strong" x="0" y="{}">{}</text><text x="100%" y="{}" text-anchor="end">{}</text>{}',
        top + 12,
        stack.label,
        top + 12,
        f"{stack.n:,}",
        format_html_join("", '<rect class="c-{}" x="{}" y="{}" width="{}" height="{}"></rect>', bars),
    )


def steps_text(title: str, points: Sequence[Point]) -> str:
    return f"{title}: " + ", then ".join(f"{point.n:,} on {point.label}" for point in points) + "."


def steps_svg(title: str, points: Sequence[Point]) -> SafeString:
    """A number that holds from one point to the next, with a scale of four lines."""
    low, high = min(point.n for point in points), max(point.n for point in points)
    tick = max(-(-(high - low) // 3), 1)
    pitch = (1 - STEP_LEFT) / len(points)

    def height(n: float) -> float:
        return round(STEP_BASE - (STEP_BASE - STEP_TOP) * (n - low) / (tick * 3), 1)

    places = [(STEP_LEFT + pitch * i, height(point.n), point) for i, point in enumerate(points)]
    drawn = format_html_join("", "{}", ((_step(places, i, pitch),) for i in range(len(places))))
    scale = format_html_join(
        "", "{}", ((_scale_line(low + tick * i, height(low + tick * i)),) for i in range(4))
    )
    return format_html(
        '<svg class="e-chart" height="208" role="img" aria-label="{}">{}{}</svg>',
        steps_text(title, points),
        scale,
        drawn,
    )


def _scale_line(n: float, y: float) -> SafeString:
    return format_html(
        '<line class="s-line" x1="2.75rem" x2="100%" y1="{0}" y2="{0}"></line>'
        '<text x="2.25rem" y="{1}" text-anchor="end">{2}</text>',
        y,
        y + 4,
        f"{n:,}",
    )


def _step(places: Sequence[tuple[float, float, Point]], i: int, pitch: float) -> SafeString:
    x, y, point = places[i]
    last, first = i == len(places) - 1, i == 0
    return format_html(
        '<line class="s-plot" x1="{0}" x2="{1}" y1="{2}" y2="{2}"></line>'
        '<line class="s-plot" x1="{0}" x2="{0}" y1="{3}" y2="{2}"></line>'
        '<circle class="c-accent" cx="{0}" cy="{2}" r="3.5"></circle>'
        '<text class="is-strong" x="{0}" dx="6" y="{4}">{5}</text>'
        '<text class="{6}" x="{0}" y="202" text-anchor="{7}">{8}</text>',
        percent(x),
        percent(x + pitch),
        y,
        y if first else places[i - 1][1],
        y - 8,
        f"{point.n:,}",
        "" if first or last else "e-hide-narrow",
        "start" if first else "middle",
        point.label,
    )


def lanes_svg(
    text: str, lanes: Sequence[Lane], first: date, last: date, today: date | None = None
) -> SafeString:
    """Spans of days in lanes below a scale of years. `text` says the same in words."""
    scale = DayScale(first, last, LANE_TOP + LANE_PITCH * len(lanes))
    rows = ((_lane(lane, LANE_TOP + LANE_PITCH * i, scale),) for i, lane in enumerate(lanes))
    now = _today(scale, today) if today and first <= today <= last else ""
    return format_html(
        '<svg class="e-chart" height="{}" role="img" aria-label="{}">{}{}{}</svg>',
        scale.bottom + LANE_FOOT,
        text,
        _years(scale),
        format_html_join("", "{}", rows),
        now,
    )


@dataclass(frozen=True)
class DayScale:
    """Where a day stands between the first and the last, as a share of the width."""

    first: date
    last: date
    bottom: int

    def at(self, day: date | None) -> float:
        share = ((day or self.last) - self.first).days / ((self.last - self.first).days or 1)
        return min(max(share, 0.0), 1.0)


def _years(scale: DayScale) -> SafeString:
    new_years = [date(year, 1, 1) for year in range(scale.first.year + 1, scale.last.year + 1)]
    return format_html_join(
        "",
        '<line class="s-line" x1="{0}" x2="{0}" y1="18" y2="{1}"></line>'
        '<text x="{0}" dx="4" y="12">{2}</text>',
        ((percent(scale.at(day)), scale.bottom, day.year) for day in new_years),
    )


def _today(scale: DayScale, today: date) -> SafeString:
    return format_html(
        '<line class="s-today" x1="{0}" x2="{0}" y1="18" y2="{1}"></line>'
        '<text class="t-bad" x="{0}" y="{2}" text-anchor="{3}">Today</text>',
        percent(scale.at(today)),
        scale.bottom,
        scale.bottom + 12,
        "end" if scale.at(today) > 0.95 else "start" if scale.at(today) < 0.05 else "middle",
    )


def _lane(lane: Lane, top: int, scale: DayScale) -> SafeString:
    spans = format_html_join("", "{}", ((_span(span, top, scale),) for span in lane.spans))
    dots = format_html_join(
        "",
        '<circle class="c-accent" cx="{}" cy="{}" r="4"></circle>',
        ((percent(scale.at(day)), top + LANE_HEIGHT / 2) for day in lane.moments),
    )
    return format_html("{}{}", spans, dots)


def _span(span: Span, top: int, scale: DayScale) -> SafeString:
    start, end = scale.at(span.first), scale.at(span.last)
    # A label is drawn only where its bar is likely to hold it: about 0.9 % of the width a letter.
    fits = span.label and (end - start) * 100 > len(span.label) * 0.9 + 2
    return format_html(
        '<rect class="c-{}" x="{}" width="{}" y="{}" height="{}" rx="2"></rect>{}',
        span.ink,
        percent(start),
        percent(max(end - start, 0.004)),
        top,
        LANE_HEIGHT,
        _span_label(span, top, start) if fits else "",
    )


def _span_label(span: Span, top: int, start: float) -> SafeString:
    ink = "t-white" if span.ink in ("accent", "bad") else "t-ink"
    return format_html(
        '<text class="{} e-hide-narrow" x="{}" y="{}">{}</text>',
        ink,
        percent(start + 0.009),
        top + 13.5,
        span.label,
    )
