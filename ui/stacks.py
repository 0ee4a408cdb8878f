"""Upright bars of stacked parts, told apart by pattern as well as by colour; the same numbers in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ui.charts import Ink, percent

TOP, BASE, HEIGHT = 22, 158, 180
FEWEST = 4  # places, so that one or two bars do not fill the page


@dataclass(frozen=True)
class Part:
    """One part of every bar: its name, its ink, its pattern, and its number in each bar."""

    name: str
    ink: Ink
    pattern: str
    numbers: Sequence[int]


def stacks_text(labels: Sequence[str], parts: Sequence[Part]) -> str:
    """A sentence for each bar: "Run 1: 3 fatal, 5 error, 8 in all." """
    return " ".join(
        f"{label}: "
        + ", ".join(f"{part.numbers[place]:,} {part.name}" for part in parts)
        + f", {sum(part.numbers[place] for part in parts):,} in all."
        for place, label in enumerate(labels)
    )


def stacks_svg(name: str, title: str, labels: Sequence[str], parts: Sequence[Part]) -> SafeString:
    """`name` makes the ids of this drawing its own on the page."""
    most = max((sum(part.numbers[i] for part in parts) for i in range(len(labels))), default=0) or 1
    pitch = 1 / max(len(labels), FEWEST)
    bars = ((_bar(name, label, i, pitch, parts, most),) for i, label in enumerate(labels))
    return format_html(
        '<svg class="e-chart" height="{height}" role="img" aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{text}</desc>'
        "<defs>{defs}</defs>{bars}"
        '<line class="s-axis" x1="0" x2="100%" y1="{base}.5" y2="{base}.5"></line></svg>',
        height=HEIGHT, name=name, title=title, text=stacks_text(labels, parts),
        defs=format_html_join("", "{}", ((_pattern(name, part),) for part in parts)),
        bars=format_html_join("", "{}", bars), base=BASE,
    )  # fmt: skip


def key_of(name: str, parts: Sequence[Part], meanings: Sequence[str]) -> SafeString:
    """What each part stands for, drawn with its own pattern."""
    entries = format_html_join(
        "",
        '<li><svg aria-hidden="true" focusable="false"><rect class="c-{}" width="12" height="12"></rect>'
        '<rect fill="url(#{}-{})" width="12" height="12"></rect></svg>{}</li>',
        ((part.ink, name, part.pattern, said) for part, said in zip(parts, meanings, strict=True)),
    )
    return format_html('<ul class="e-key">{}</ul>', entries)


def _pattern(name: str, part: Part) -> SafeString:
    """Drawn over the colour of the part, in the colour of the sheet."""
    marks = {
        "plain": "",
        "hatched": '<path class="s-mark" d="M-1,7 L7,-1 M2,10 L10,2 M-4,4 L4,-4"></path>',
        "dotted": '<circle class="c-paper" cx="3" cy="3" r="1.4"></circle>',
    }[part.pattern]
    return format_html(
        '<pattern id="{}-{}" width="6" height="6" patternUnits="userSpaceOnUse">{}</pattern>',
        name,
        part.pattern,
        SafeString(marks),  # nosec B703: our own words
    )


def _bar(name: str, label: str, place: int, pitch: float, parts: Sequence[Part], most: int) -> SafeString:
    left, width, bottom, drawn = place * pitch + pitch * 0.2, pitch * 0.6, float(BASE), []
    for part in parts:
        height = round((BASE - TOP) * part.numbers[place] / most, 1)
        bottom -= height
        drawn.append(_block(name, part, left, width, round(bottom, 1), height))
    return format_html(
        '{}<text class="is-strong" x="{middle}" y="{y}" text-anchor="middle">{total}</text>'
        '<text x="{middle}" y="{foot}" text-anchor="middle">{label}</text>',
        format_html_join("", "{}", ((block,) for block in drawn)),
        middle=percent(place * pitch + pitch / 2),
        y=round(bottom - 5, 1),
        total=f"{sum(part.numbers[place] for part in parts):,}",
        foot=BASE + 16,
        label=label,
    )


def _block(name: str, part: Part, left: float, width: float, top: float, height: float) -> SafeString | str:
    if not height:
        return ""
    place = format_html('x="{}" y="{}" width="{}" height="{}"', percent(left), top, percent(width), height)
    return format_html(
        '<rect class="c-{}" {place}></rect><rect fill="url(#{}-{})" {place}></rect>',
        part.ink, name, part.pattern, place=place,
    )  # fmt: skip
