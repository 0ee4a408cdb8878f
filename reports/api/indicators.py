"""Indicators 11, 12 and 13 of each district, and significant disproportionality, as their pages show them."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers, viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment.views.place import chosen_district, chosen_year
from organizations.models import District
from organizations.rules.profiles import Profile
from reports.figures.disproportionality import Finding, findings
from reports.figures.indicators import Line, lines_of
from reports.rules.indicators import EVALUATIONS, TRANSITION, YOUTH, Counts, indicator, share
from security.refusals import NotAllowed

NUMBERS = (EVALUATIONS, TRANSITION, YOUTH)
YEAR = OpenApiParameter("year", str, description="A school year such as 2026-27; this one unless told.")


class IndicatorSerializer(serializers.Serializer):
    number = serializers.IntegerField()
    title = serializers.CharField()
    asks = serializers.CharField()
    authority = serializers.CharField()


class IndicatorOfDistrictSerializer(serializers.Serializer):
    district = serializers.IntegerField()
    counted = serializers.IntegerField()
    in_time = serializers.IntegerField()
    not_in_time = serializers.IntegerField()
    left_out = serializers.IntegerField()
    not_yet = serializers.IntegerField()
    percent = serializers.FloatField(allow_null=True, help_text="null where nobody is counted")
    standings = serializers.DictField(
        child=serializers.IntegerField(), help_text="why each counts as it does"
    )


class DisproportionalitySerializer(serializers.Serializer):
    analysis = serializers.CharField()
    race = serializers.CharField(help_text="empty where none is recorded")
    outcome = serializers.IntegerField(help_text="children with the outcome")
    children = serializers.IntegerField(help_text="among so many")
    ratio = serializers.FloatField(allow_null=True)
    how = serializers.CharField(help_text="risk ratio, alternate risk ratio, or why there is none")
    years_over = serializers.IntegerField(help_text="years in which it was over the state's threshold")
    significant = serializers.BooleanField()


OF_A_DISTRICT = OpenApiExample(
    "Indicator 11 of one district", response_only=True,
    value=[{
        "district": 3, "counted": 43, "in_time": 41, "not_in_time": 2, "left_out": 1, "not_yet": 4,
        "percent": 95.3, "standings": {"in time": 41, "late": 2, "excused": 1, "open": 4},
    }],
)  # fmt: skip
A_RACE = OpenApiExample(
    "One race in one analysis", response_only=True,
    value=[{
        "analysis": "Identification as a child with a disability", "race": "BL7", "outcome": 31,
        "children": 212, "ratio": 1.62, "how": "risk ratio", "years_over": 0, "significant": False,
    }],
)  # fmt: skip


class IndicatorViewSet(viewsets.ViewSet):
    """The children behind each number are the list `indicator-11` and so on of the reports."""

    lookup_field = "number"
    lookup_value_regex = "[0-9]{1,2}"

    @extend_schema(responses=IndicatorSerializer(many=True))
    def list(self, request: Request) -> Response:
        district, _, _ = chosen_district(request)
        rows = [indicator(number, Profile(district.state.profile)) for number in NUMBERS]
        return Response([
            {"number": row.indicator, "title": row.title, "asks": row.asks, "authority": row.authority}
            for row in rows
        ])  # fmt: skip

    @extend_schema(
        operation_id="indicators_retrieve",
        responses=IndicatorOfDistrictSerializer(many=True),
        parameters=[YEAR],
        examples=[OF_A_DISTRICT],
    )
    def retrieve(self, request: Request, number: str) -> Response:
        """Every district of the reader, as far as the reader sees its children."""
        if int(number) not in NUMBERS:
            raise Http404
        _, offered, reach = chosen_district(request)
        ids = [district.pk for district in offered]
        found: dict[int, list[Line]] = defaultdict(list)
        for line in lines_of(int(number), reach, ids, chosen_year(request), timezone.localdate()):
            found[line.district_id].append(line)
        return Response([{"district": pk, **_numbers(found[pk])} for pk in ids])


class DisproportionalityViewSet(viewsets.ViewSet):
    """Of a whole district, today."""

    lookup_field = "district"
    lookup_value_regex = "[0-9]{1,18}"

    @extend_schema(
        operation_id="disproportionality_retrieve",
        responses=DisproportionalitySerializer(many=True),
        examples=[A_RACE],
    )
    def retrieve(self, request: Request, district: str) -> Response:
        this = _whole(request, int(district))
        return Response([_told(each) for each in findings(this, timezone.localdate())])


def _numbers(lines: Sequence[Line]) -> dict[str, Any]:
    part, counts = share(line.stands for line in lines), Counter(line.stands.counts for line in lines)
    return {
        "counted": part.counted,
        **{each.name.lower(): counts[each] for each in Counts},
        "percent": part.percent,
        "standings": Counter(line.stands.value for line in lines),
    }


def _whole(request: Request, pk: int) -> District:
    _, offered, reach = chosen_district(request)
    district = next((row for row in offered if row.pk == pk), None)
    if district is None:
        raise Http404
    if not (reach.everything or pk in reach.district_ids):
        raise NotAllowed(f"A role at a school does not show how the whole of {district} stands.")
    return district


def _told(found: Finding) -> dict[str, Any]:
    compared = found.compared
    return {
        "analysis": found.analysis.title,
        "race": compared.race,
        "outcome": compared.group.with_outcome,
        "children": compared.group.n,
        "ratio": compared.ratio,
        "how": compared.how.value,
        "years_over": sum(found.over),
        "significant": found.significant,
    }
