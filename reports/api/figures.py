"""The figures of a district or state, as the page of figures shows them to this person."""

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from reports.figures.access import Whose, chosen, places_of
from reports.figures.day_counts import Figures, figures
from reports.rules.suppression import suppressed


class PlaceOfFiguresSerializer(serializers.Serializer):
    place = serializers.CharField()
    name = serializers.CharField()
    small_numbers = serializers.BooleanField(help_text="false: numbers below 10 are withheld")


class MeasureSerializer(serializers.Serializer):
    measure = serializers.CharField()
    title = serializers.CharField()
    what = serializers.CharField()
    day = serializers.DateField()
    numbers = serializers.DictField(child=serializers.IntegerField(allow_null=True))


A_MEASURE = OpenApiExample(
    "By environment, to somebody who sees no child", response_only=True,
    value=[{
        "measure": "environment", "title": "Children by environment", "day": "2026-11-22",
        "what": "Children with special education, by the setting of their IEP.",
        "numbers": {"RC80": 214, "RC39": None, "SS": None},
    }],
)  # fmt: skip


class FigureViewSet(viewsets.ViewSet):
    """A place is one that the list names; null stands where a small number is withheld."""

    lookup_field = "place"
    lookup_value_regex = "[a-z0-9-]{1,30}"

    @extend_schema(responses=PlaceOfFiguresSerializer(many=True))
    def list(self, request: Request) -> Response:
        return Response([
            {"place": each.value, "name": each.name, "small_numbers": each.small_numbers}
            for each in places_of(request.user)
        ])  # fmt: skip

    @extend_schema(
        operation_id="figures_retrieve", responses=MeasureSerializer(many=True), examples=[A_MEASURE]
    )
    def retrieve(self, request: Request, place: str) -> Response:
        whose = chosen(places_of(request.user), place)
        day, found = figures(whose.state, whose.district)
        return Response([{**_told(each, whose), "day": day} for each in found])


def _told(each: Figures, whose: Whose) -> dict[str, Any]:
    measure = each.measure
    numbers = each.numbers if whose.small_numbers else suppressed(each.numbers)
    return {"measure": measure.slug, "title": measure.title, "what": measure.what, "numbers": dict(numbers)}
