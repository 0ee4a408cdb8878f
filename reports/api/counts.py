"""Frozen child counts: their cells, their children, and what the edit checks found."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from journal.actions import record
from reports.api.lists import OVER_THE_API
from reports.api.paging import PARAMETERS, is_first, page_of
from reports.exports.second_person import is_large
from reports.federal import access
from reports.federal.edit_checks import Checked, checked, specs_of
from reports.federal.tallies import cells_of_snapshot
from reports.models import Snapshot
from reports.rules.federal.rows import Level
from reports.rules.federal.tables import sets, submission_year
from security.refusals import NotAllowed

FACTS = (
    "student", "site", "file", "counted", "reasons", "age", "race", "sex", "disability", "environment",
    "english_learner", "basis", "grade",
)  # fmt: skip
TOO_MANY = (
    "These are {:,} children, more than the {:,} that one person takes away alone. The cells of the count,"
    " its pages and its federal files show them."
)
FILE = OpenApiParameter("file", str, description="FS002, FS089 or FS009; the first of the count unless told.")


class CountSerializer(serializers.ModelSerializer):
    class Meta:
        model = Snapshot
        fields = [
            "id", "district", "kind", "day", "count_date", "state", "frozen_at", "certified_at",
            "reopened_at", "reopened_for", "enrolled",
        ]  # fmt: skip
        read_only_fields = fields


class CellSerializer(serializers.Serializer):
    set = serializers.CharField(help_text="category set, as EDFacts names it")
    codes = serializers.DictField(help_text="category: code; empty in the education unit total")
    children = serializers.IntegerField()


class CountedSerializer(serializers.Serializer):
    student = serializers.IntegerField()
    file = serializers.CharField(allow_blank=True)
    counted = serializers.BooleanField()
    reasons = serializers.ListField(child=serializers.CharField(), help_text="why not counted")


class CountedPageSerializer(serializers.Serializer):
    next = serializers.CharField(allow_null=True)
    results = CountedSerializer(many=True)


class EditCheckSerializer(serializers.Serializer):
    student = serializers.IntegerField(allow_null=True, help_text="null where it is about the whole file")
    words = serializers.CharField()


class CheckSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    why_not = serializers.CharField(help_text="why it was not made; then there are no findings")
    findings = EditCheckSerializer(many=True)


A_CELL = OpenApiExample(
    "A subtotal", response_only=True,
    value=[{"set": "ST3", "codes": {"DISABCATIDEA": "SLD"}, "children": 41}],
)  # fmt: skip
A_CHECK = OpenApiExample(
    "One that found something", response_only=True,
    value=[{
        "number": 3, "title": "Race is known", "why_not": "",
        "findings": [{"student": 12, "words": "No race or ethnicity is recorded."}],
    }],
)  # fmt: skip


class CountViewSet(viewsets.ViewSet):
    """Of whole districts, for those who may take their records away; the latest day first."""

    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(responses=CountSerializer(many=True))
    def list(self, request: Request) -> Response:
        access.check_may_see(request.user)
        rows = Snapshot.objects.visible_to(request.user).standing()
        return Response(CountSerializer(rows, many=True).data)

    @extend_schema(responses=CountSerializer)
    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(CountSerializer(access.snapshot_for(request.user, int(pk))).data)

    @extend_schema(responses=CellSerializer(many=True), parameters=[FILE], examples=[A_CELL])
    @action(detail=True)
    def cells(self, request: Request, pk: str) -> Response:
        """Every combination of every category set that anybody has."""
        this = access.snapshot_for(request.user, int(pk))
        spec = _spec(request, this)
        rows = sets(spec, Level.DISTRICT, submission_year(this.day))
        by_set = cells_of_snapshot(this, spec)
        return Response([
            {"set": row.set, "codes": dict(zip(row.categories, codes, strict=True)), "children": n}
            for row in rows for codes, n in sorted(by_set.get(row.set, {}).items())
        ])  # fmt: skip

    @extend_schema(responses=CountedPageSerializer, parameters=PARAMETERS)
    @action(detail=True)
    def children(self, request: Request, pk: str) -> Response:
        """Each child of the count with its codes, or with why it is not counted."""
        this = access.snapshot_for(request.user, int(pk))
        if is_first(request):
            _note(request, this, "children", this.children.count())
        page = page_of(request, this.children.values("pk", *FACTS), _child)
        children = {row["student"] for row in page["results"]}
        request.user.took_away(children, "child count over the API", OVER_THE_API)
        return Response(page)

    @extend_schema(responses=CheckSerializer(many=True), examples=[A_CHECK])
    @action(detail=True)
    def checks(self, request: Request, pk: str) -> Response:
        this = access.snapshot_for(request.user, int(pk))
        made = checked(this)
        children = {each.student_id for one in made for each in one.findings if each.student_id}
        _note(request, this, "edit checks", len(children))
        request.user.took_away(children, "edit checks of a child count over the API", OVER_THE_API)
        return Response([_check(each) for each in made])


def _note(request: Request, this: Snapshot, what: str, n: int) -> None:
    """As for a list: the whole is noted once, and too many need a second person, who is not here."""
    if is_large(n):
        raise NotAllowed(TOO_MANY.format(n, settings.ESER_EXPORT_CAP))
    words = f"read the {what} of a child count over the API, {n:,} children"
    record(
        "EXPORTED", words, by=request.user, district_id=this.district_id, format=OVER_THE_API, rows=n,
        count=this.pk,
    )  # fmt: skip


def _spec(request: Request, this: Snapshot) -> str:
    offered = specs_of(this)
    asked = request.query_params.get("file") or offered[0]
    if asked not in offered:
        raise ValidationError({"file": [f"This count has {' and '.join(offered)}."]})
    return asked


def _child(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: row[name] for name in FACTS}


def _check(each: Checked) -> dict[str, Any]:
    findings = [{"student": found.student_id, "words": found.words} for found in each.findings]
    row = each.check
    return {"number": row.number, "title": row.title, "why_not": each.why_not, "findings": findings}
