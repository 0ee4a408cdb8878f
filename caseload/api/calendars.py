"""The calendars by which days are counted over the API: the same verbs and sentences as the pages."""

from django.shortcuts import get_object_or_404
from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caseload.access import calendars_kept, check_keeps_calendars, districts_of
from caseload.actions import calendars as verbs
from organizations.models import Calendar, ClosedDay, SchoolYear
from security.api import checked


class ClosedDaySerializer(serializers.ModelSerializer):
    class Meta:
        model = ClosedDay
        fields = ["day", "reason"]


class CalendarSerializer(serializers.ModelSerializer):
    closed = ClosedDaySerializer(many=True)

    class Meta:
        model = Calendar
        fields = [
            "id", "district", "school_year", "name", "first_school_day", "last_school_day", "summer_school",
            "closed",
        ]  # fmt: skip
        read_only_fields = fields


class TermSerializer(serializers.Serializer):
    first = serializers.DateField()
    last = serializers.DateField()


class BeginningSerializer(TermSerializer):
    district = serializers.IntegerField()
    school_year = serializers.IntegerField()
    summer = serializers.BooleanField(default=False)


class OpenedDaySerializer(serializers.Serializer):
    day = serializers.DateField()


class CalendarViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Those of the districts that I keep; a day that is changed says how many due days it moves."""

    serializer_class = CalendarSerializer
    pagination_class = None
    queryset = Calendar.objects.none()

    def get_queryset(self):
        rows = calendars_kept(self.request.user).prefetch_related("closed")
        return rows.order_by("district__name", "-school_year__first_day", "name")

    def list(self, request: Request, *args, **kwargs) -> Response:
        check_keeps_calendars(request.user)
        return super().list(request, *args, **kwargs)

    def create(self, request: Request) -> Response:
        check_keeps_calendars(request.user)
        sent = checked(BeginningSerializer(data=request.data))
        district = get_object_or_404(districts_of(request.user), pk=sent["district"])
        years = SchoolYear.objects.filter(state=district.state_id)
        begun = verbs.begin_calendar(
            by=request.user, district=district, year=get_object_or_404(years, pk=sent["school_year"]),
            term=verbs.Term(sent["first"], sent["last"]), summer=sent["summer"],
        )  # fmt: skip
        return Response(CalendarSerializer(begun).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def closing(self, request: Request, pk: str) -> Response:
        calendar, sent = self.get_object(), checked(ClosedDaySerializer(data=request.data))
        return Response({"moved": verbs.close_day(by=request.user, calendar=calendar, **sent)})

    @action(detail=True, methods=["post"])
    def opening(self, request: Request, pk: str) -> Response:
        calendar, sent = self.get_object(), checked(OpenedDaySerializer(data=request.data))
        return Response({"moved": verbs.open_day(by=request.user, calendar=calendar, **sent)})

    @action(detail=True, methods=["post"])
    def term(self, request: Request, pk: str) -> Response:
        calendar, sent = self.get_object(), checked(TermSerializer(data=request.data))
        changed = verbs.change_term(by=request.user, calendar=calendar, term=verbs.Term(**sent))
        return Response(CalendarSerializer(changed).data)
