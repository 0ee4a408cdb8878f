"""Lists: list (block), list_rows, list_group, list_foot, filters, chips, counts."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString

from ui import dates
from ui.lists import SIZES, Chip, Column, ListState, Page
from ui.parts import Cell
from ui.templatetags.ui_icon import attribute, icon, status_html

register = template.Library()

SORT_ICONS = {"ascending": "arrow_upward", "descending": "arrow_downward"}
GROUP_ICONS = {"bad": "error", "warn": "schedule", "ok": "event"}


@register.simple_block_tag(name="list")
def list_block(
    content: SafeString,
    state: ListState,
    caption: str,
    dense: bool = False,
    card: bool = False,
    css: str = "",
) -> SafeString:
    """One table. Its body is the block: `{% list_rows page %}`, or `tbody` written by the page.

    On a phone the rows become cards: cells written by hand need `role="cell"` and `data-label`.
    """
    classes = (
        "usa-table e-stack"
        + " usa-table--dense" * dense
        + " e-stack--card" * card
        + (f" {css}" if css else "")
    )
    return format_html(
        '<table role="table" class="{}"><caption class="usa-sr-only">{}</caption>{}{}</table>',
        classes,
        caption,
        _head(state),
        content,
    )


def _head(state: ListState) -> SafeString:
    cells = format_html_join("", "{}", ((_head_cell(state, column),) for column in state.columns))
    return format_html('<thead role="rowgroup"><tr role="row">{}</tr></thead>', cells)


def _head_cell(state: ListState, column: Column) -> SafeString:
    sorted_as = state.aria_sort(column)
    label: SafeString | str = column.label
    if column.label_hidden:
        label = format_html('<span class="usa-sr-only">{}</span>', label)
    if column.sort:
        arrow = icon(SORT_ICONS[sorted_as]) if sorted_as else ""
        label = format_html('<a href="{}">{}{}</a>', state.sort_url(column), label, arrow)
    return format_html(
        '<th role="columnheader" scope="col"{}{}>{}</th>',
        attribute("class", "e-num" if column.numeric else ""),
        attribute("aria-sort", sorted_as),
        label,
    )


@register.simple_tag
def list_rows(page: Page) -> SafeString:
    """The rows of a simple list. A row is a mapping or an object with text, numbers, dates or `Cell`."""
    columns = page.state.columns
    return format_html('<tbody role="rowgroup">{}</tbody>', _rows(page.rows, columns))


@register.simple_tag
def list_group_rows(rows: Sequence[Any], state: ListState) -> SafeString:
    """Rows below a `list_group`, without a `tbody` of their own."""
    return _rows(rows, state.columns)


def _rows(rows: Sequence[Any], columns: Sequence[Column]) -> SafeString:
    """A long list has hundreds of cells: they are escaped and joined, without a format to read for each."""
    return SafeString("\n".join(_row(row, columns) for row in rows))  # nosec B703: each cell is escaped


def _row(row: Any, columns: Sequence[Column]) -> str:
    first, *rest = columns
    head = f'<th role="rowheader" scope="row">{conditional_escape(_value(row, first))}</th>'
    return f'<tr role="row">{head}{"".join(_data_cell(row, column) for column in rest)}</tr>'


def _data_cell(row: Any, column: Column) -> str:
    opening = _opening(_css(row, column), column.label)
    return f"{opening}{conditional_escape(_value(row, column))}</span></td>"


@lru_cache(1_000)
def _opening(css: str, label: str) -> SafeString:
    return format_html('<td role="cell"{} data-label="{}"><span>', attribute("class", css), label)


def _css(row: Any, column: Column) -> str:
    """Numbers to the right; a day stays on one line."""
    if column.numeric:
        return "e-num"
    return "e-nowrap" if type(_raw(row, column)) is date else ""


def _raw(row: Any, column: Column) -> Any:
    return row.get(column.key, "") if isinstance(row, Mapping) else getattr(row, column.key)


def _value(row: Any, column: Column) -> SafeString | str:
    value = _raw(row, column)
    return _cell(value) if isinstance(value, Cell) else in_words(value)


def _cell(cell: Cell) -> SafeString:
    text = conditional_escape(in_words(cell.text))
    link = f'<a href="{conditional_escape(cell.url)}">{text}</a>' if cell.url else text
    status = status_html(cell.status) if cell.status else ""
    between = " " if link and status else ""
    sub = f'<span class="e-cell-sub">{conditional_escape(cell.sub)}</span>' if cell.sub else ""
    return SafeString(f"{link}{between}{status}{sub}")  # nosec B703: each part is escaped


@register.filter
def in_words(value: object) -> str:
    """A value as people read it: dates in words, thousands with commas, Yes and No, nothing for None."""
    match value:
        case None:
            return ""
        case bool():
            return "Yes" if value else "No"
        case datetime():
            return dates.moment_in_words(value)
        case date():
            return dates.in_words(value)
        case int() | Decimal():
            return f"{value:,}"
    return value if isinstance(value, str) else str(value)


@register.simple_block_tag
def list_group(
    content: SafeString, title: str, state: ListState, tone: str = "ok", note: str = "", id: str = ""
) -> SafeString:
    """A `tbody` with its own heading row, so that the columns of all groups line up."""
    return format_html(
        '<tbody role="rowgroup"><tr role="row" class="e-group e-group--{}"{}>'
        '<th role="rowheader" colspan="{}" scope="rowgroup"><h2>{}{}</h2>'
        '<span class="e-meta">{}</span></th></tr>\n{}</tbody>',
        tone,
        attribute("id", id),
        len(state.columns),
        icon(GROUP_ICONS[tone]),
        title,
        note,
        content,
    )


@register.inclusion_tag("ui/list_foot.html")
def list_foot(page: Page, export: bool = True, exports: Sequence[tuple[str, str]] | None = None):
    """The count, the pages, the page size and the export of exactly this list.

    `exports`: pairs of (format, address) where the files come from elsewhere; empty where none may be taken.
    """
    state = page.state
    if exports is None:
        own = [("CSV", state.export_url("csv")), ("XLSX", state.export_url("xlsx"))]
        exports = own if export else []
    return {
        "page": page,
        "state": state,
        "exports": exports,
        "pager": page.has_previous or page.has_next,
        "previous_url": state.page_url(state.page - 1),
        "next_url": state.page_url(state.page + 1),
        "sizes": [(size, state.size_url(size)) for size in SIZES] if page.count.n > SIZES[0] else [],
    }


@register.inclusion_tag("ui/filters.html")
def filters(state: ListState, button: str = "Show", prefix: str = "f"):
    """The filters of a list, as a GET form; sort, page size and how it is laid out are kept."""
    along = ("sort", "size", *state.kept)
    kept = {name: value for name, value in state.query().items() if name in along}
    offered = [(f, state.chosen.get(f.name, ""), f"{prefix}-{f.name}") for f in state.filters]
    return {
        "offered": offered,
        "kept": kept.items(),
        "button": button,
        "clear": bool(state.chosen),
        "clear_url": state.clear_url(),
    }


@register.simple_tag
def chips(items: Sequence[Chip], label: str = "") -> SafeString:
    """Links that set one filter; the current one is filled."""
    links = format_html_join(
        "",
        '<a class="e-chip" href="{}"{}>{}{}</a>',
        (
            (
                chip.url,
                attribute("aria-current", "true" if chip.current else ""),
                chip.label,
                format_html(" <b>{}</b>", in_words(chip.count)) if chip.count is not None else "",
            )
            for chip in items
        ),
    )
    group = format_html(' role="group" aria-label="{}"', label) if label else ""
    return format_html('<div class="e-chips"{}>{}</div>', group, links)


@register.simple_block_tag
def counts(content: SafeString, label: str, columns: int = 0) -> SafeString:
    """A strip of numbers. `columns` 4 or 5 for numbers alone; 0 leaves room for a chart at the end."""
    return format_html(
        '<section class="e-strip{}" aria-label="{}">{}</section>',
        f" e-strip--{columns}" if columns else "",
        label,
        content,
    )


@register.simple_tag
def count(
    n: object, label: str, note: str = "", url: str = "", tone: str = "", icon_name: str = ""
) -> SafeString:
    """One number of a strip; with `url` it is a link. `tone="bad"` colours it."""
    bad = " e-count--bad" if tone == "bad" else ""
    symbol = icon(icon_name, "" if bad else f"i-{tone or 'quiet'}") if icon_name else ""
    inner = format_html(
        '<span class="e-count__n{0}">{1}</span><span class="e-count__l{0}">{2}{3}</span>'
        '<span class="e-meta">{4}</span>',
        bad,
        in_words(n),
        symbol,
        label,
        note,
    )
    return (
        format_html('<a class="e-count" href="{}">{}</a>', url, inner)
        if url
        else format_html("<div>{}</div>", inner)
    )
