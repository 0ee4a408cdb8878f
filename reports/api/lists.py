"""Every list as the pages and files have it: what there is, and the rows of one."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import Http404
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from reports import access, actions
from reports.api.paging import CURSOR, PARAMETERS, SIZE, is_first, page_of
from reports.exports.second_person import is_large
from reports.lists.every import every_list
from reports.lists.groups import ACROSS, BY, COLUMNS, OF, OF_ACROSS
from reports.lists.listing import List, Rows
from reports.saved.access import seen_by
from security import scope
from security.refusals import NotAllowed
from ui.lists import ListState, count_up_to

OVER_THE_API = "API"
LAYOUT = ("sort", "size", "page", BY, ACROSS)  # of pages alone
TOO_MANY = (
    "This report has more than {:,} rows. Narrow it with a filter, or ask for the file on its page, where a"
    " second person decides."
)
SLUG = OpenApiParameter("slug", str, OpenApiParameter.PATH, description="As the list of reports names it.")


class ColumnSerializer(serializers.Serializer):
    key = serializers.CharField()
    label = serializers.CharField()
    kind = serializers.CharField(help_text="text, words (from our tables), day or number")


class FilterSerializer(serializers.Serializer):
    name = serializers.CharField()
    label = serializers.CharField()
    choices = serializers.ListField(child=serializers.CharField(), help_text="empty where any text goes")


class SavedSerializer(serializers.Serializer):
    name = serializers.CharField()
    asked = serializers.DictField(child=serializers.CharField(), help_text="filters and columns, to ask with")


class ReportSerializer(serializers.Serializer):
    slug = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField()
    columns = ColumnSerializer(many=True)
    filters = FilterSerializer(many=True)
    saved = SavedSerializer(many=True, help_text="your own and shared ones; not those of one group alone")


class RowSerializer(serializers.Serializer):
    id = serializers.IntegerField(help_text="of the record that the row is about")
    student = serializers.IntegerField(allow_null=True)
    cells = serializers.DictField(help_text="by the key of the column")


class RowsSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = RowSerializer(many=True)


A_LIST = OpenApiExample(
    "Students", response_only=True,
    value=[{
        "slug": "students", "title": "Students", "what": "Every student.",
        "columns": [{"key": "name", "label": "Last name", "kind": "text"}],
        "filters": [{"name": "grade", "label": "Grade", "choices": ["01", "02"]}],
        "saved": [{"name": "Second graders", "asked": {"grade": "02", "columns": "name,grade"}}],
    }],
)  # fmt: skip
A_PAGE = OpenApiExample(
    "Two of a grade", response_only=True,
    value={
        "next": "https://eser.example/api/reports/students/?grade=02&cursor=MTI6…",
        "results": [
            {"id": 11, "student": 11, "cells": {"name": "Savoie", "first_name": "Odette", "grade": "02"}},
            {"id": 12, "student": 12, "cells": {"name": "Thibaut", "first_name": "Remy", "grade": "02"}},
        ],
    },
)  # fmt: skip


class ReportViewSet(viewsets.ViewSet):
    """Whoever may take a list away as a file may read it here, with the same places, columns and filters."""

    lookup_field = "slug"
    lookup_value_regex = "[a-z0-9-]+"

    @extend_schema(responses=ReportSerializer(many=True), examples=[A_LIST])
    def list(self, request: Request) -> Response:
        seen = [each for each in every_list().values() if each.listed and access.may_see(request.user, each)]
        saved = _saved(request.user)
        return Response([{**_told(each), "saved": saved[each.slug]} for each in seen])

    @extend_schema(responses=RowsSerializer, parameters=[SLUG, *PARAMETERS], examples=[A_PAGE])
    def retrieve(self, request: Request, slug: str) -> Response:
        """Filters by name as the list of reports tells; `columns=` chooses, by key with commas between."""
        found = _found(request, slug)
        state = _asked(request, found)
        found = found.laid_out(state.kept)
        places = access.export_scope(request.user, found)
        with scope.narrowed(request.user, places):
            return Response(_taken(request, found, state, found.filtered(places, state)))


def _taken(request: Request, found: List, state: ListState, rows: Rows) -> dict[str, Any]:
    """A page of the rows; the whole is noted with the first one, each child when it leaves."""
    if is_first(request):
        _note(request, found, state, rows)
    page = page_of(request, found.read(rows), _row)
    children = {row["student"] for row in page["results"]} - {None}
    request.user.took_away(children, f"{found.title.lower()} over the API", OVER_THE_API)
    return page


def _found(request: Request, slug: str) -> List:
    found = every_list().get(slug)
    if found is None or not found.listed or not access.may_see(request.user, found):
        raise Http404
    if sentence := access.why_not_export(request.user, found):
        raise NotAllowed(sentence)
    return found


def _asked(request: Request, found: List) -> ListState:
    """Raises ValidationError for what a page would pass over: a program has no eyes to see it."""
    state = found.state(request.query_params)
    known = {offer.name for offer, _ in found.all_filters()}
    asked = {name: value for name, value in request.query_params.items() if name not in (CURSOR, SIZE)}
    wrong = {name: [_why_wrong(found, name)] for name in asked if name not in {*known, COLUMNS}}
    wrong |= {
        name: ["This is not on offer. The list of reports says what is."]
        for name in known & asked.keys() if asked[name] and name not in state.chosen
    }  # fmt: skip
    keys = {key for key, _ in found.keyed()}
    if unknown := set(filter(None, asked.get(COLUMNS, "").split(","))) - keys:
        wrong[COLUMNS] = [f"There is no column {name[:40]}." for name in sorted(unknown)]
    if wrong:
        raise ValidationError(wrong)
    return state


def _why_wrong(found: List, name: str) -> str:
    offered = ", ".join(sorted(offer.name for offer, _ in found.all_filters()))
    return f"This report has no such filter. It has {offered}." if offered else "This report has no filters."


def _note(request: Request, found: List, state: ListState, rows: Rows) -> None:
    """Taking the whole is noted once, with how many rows; too many need a second person, who is not here."""
    n = count_up_to(rows, cap=settings.ESER_EXPORT_CAP)
    if n.capped or is_large(n.n):
        raise NotAllowed(TOO_MANY.format(settings.ESER_EXPORT_CAP))
    actions.note(request.user, actions.Order(found, state, OVER_THE_API, ""), n.n)


def _saved(user: Any) -> dict[str, list[dict[str, Any]]]:
    """By list, what each asks for; not one that opens a group, which without the group would say more."""
    by_list = defaultdict(list)
    for report in seen_by(user):
        if not {OF, OF_ACROSS} & report.query.keys():
            asked = {name: value for name, value in report.query.items() if name not in LAYOUT}
            by_list[report.slug].append({"name": report.name, "asked": asked})
    return by_list


def _told(found: List) -> dict[str, Any]:
    return {
        "slug": found.slug, "title": found.title, "what": found.what,
        "columns": [
            {"key": key, "label": part.label, "kind": part.kind.value} for key, part in found.keyed()
        ],
        "filters": [
            {"name": offer.name, "label": offer.label, "choices": [v for v, _ in offer.choices if v]}
            for offer, _ in found.all_filters()
        ],
    }  # fmt: skip


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    cells = {name.removeprefix("read_"): value for name, value in row.items() if name.startswith("read_")}
    return {"id": row["pk"], "student": row["of_student"], "cells": cells}
