"""A list as counts: each number opens the rows behind it; and the choice of columns and groups."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from reports.lists import groups
from reports.lists.groups import Group, Shape, Table
from reports.lists.listing import List, Rows
from ui.lists import ListState


def show_groups(request: HttpRequest, found: List, state: ListState, rows: Rows) -> HttpResponse:
    shape, parts = found.shape(state.kept), dict(found.keyed())
    table = groups.table_of(rows, shape, parts)
    many = bool(shape.across)
    shown = table.across[: groups.MOST_ACROSS] if many else ()
    words = groups.in_words(parts[shape.by], [group.value for group in table.groups])
    context = {
        "list": found, "state": state, "table": table, "by": parts[shape.by],
        "across": groups.in_words(parts[shape.across], shown).values() if many else (),
        "across_part": parts[shape.across] if many else None,
        "hidden": len(table.across) - len(shown) if many else 0,
        "lines": [_line(state, shape, group, words[group.value], shown) for group in table.groups],
        "total": _total(state, shape, table, shown),
        "csv_url": state.export_url("csv"), "xlsx_url": state.export_url("xlsx"),
        **layout_of(found, state),
    }  # fmt: skip
    return render(request, "reports/groups.html", context)


def _line(state: ListState, shape: Shape, group: Group, words: str, across) -> dict[str, object]:
    """One group: a count and an address for each group across, and for all of it."""
    own = replace(shape, of=group.value)
    return {
        "words": words,
        "cells": [(group.counts.get(v, 0), _url(state, replace(own, of_across=v))) for v in across],
        "n": group.n,
        "url": _url(state, own),
    }


def _total(state: ListState, shape: Shape, table: Table, across) -> dict[str, object]:
    sums = table.total
    rows = replace(shape, by=groups.ROWS, across="")
    return {
        "cells": [(sums.counts[v], _url(state, replace(shape, of_across=v))) for v in across],
        "n": sums.n,
        "url": _url(state, rows),
    }


def _url(state: ListState, shape: Shape) -> str:
    return replace(state, kept=shape.query(), page=1).url()


def layout_of(found: List, state: ListState) -> dict[str, object]:
    """What the form of columns and groups shows; and the group that is opened, with the way back."""
    shape, keyed = found.shape(state.kept), found.keyed()
    along = {name: value for name, value in state.query().items() if name not in (*groups.NAMES, "page")}
    return {
        "columns": [(key, part.label, part.on_page) for key, part in keyed[1:]],
        "first_column": keyed[0][1].label,
        "groupable": [(key, part.label) for key, part in keyed if part.can_group],
        "shape": shape, "along": along.items(), "rows_word": groups.ROWS,
        "opened": group_in_words(found, state),
        "all_groups": _url(state, replace(shape, of="", of_across="")),
    }  # fmt: skip


def group_in_words(found: List, state: ListState) -> list[tuple[str, str]]:
    """The label and the value of what is opened; nothing where all rows are shown."""
    shape, parts = found.shape(state.kept), dict(found.keyed())
    pairs = ((shape.by, shape.of), (shape.across, shape.of_across))
    chosen = [(parts[key], value) for key, value in pairs if value]
    return [(part.label, groups.in_words(part, [value])[value]) for part, value in chosen]
