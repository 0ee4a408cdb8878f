"""Work lists and rosters over the API: what is owed, what the audit found, who is on a roster."""

from django.http import Http404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment import actions
from enrollment.access import sees_roster
from enrollment.actions.audit import explain
from enrollment.api import serializers as sent
from enrollment.models import Duty, Finding
from enrollment.queries.rosters import Asked, Members, Roster, groups
from security.api import checked
from students.api import NotedListMixin

PAGE = 100


class OldestFirst(CursorPagination):
    ordering = ("since", "pk")


class DutyViewSet(NotedListMixin, viewsets.GenericViewSet):
    """What is owed to children who were registered or left; `?done_on__isnull=true`: what is open."""

    queryset = Duty.objects.none()
    serializer_class = sent.DutySerializer
    pagination_class = OldestFirst
    filterset_fields = {"kind": ["exact"], "enrollment": ["exact"], "done_on": ["isnull"]}

    def get_queryset(self):
        return Duty.objects.visible_to(self.request.user).select_related("enrollment__district")

    @extend_schema(request=sent.DoneSerializer, responses=sent.DutySerializer)
    @action(detail=True, methods=["post"])
    def finish(self, request: Request, pk: str) -> Response:
        typed = checked(sent.DoneSerializer(data=request.data))
        done = actions.finish_duty(by=request.user, duty=self.get_object(), how=typed["how"])
        return Response(sent.DutySerializer(done).data)


class NewestFound(CursorPagination):
    ordering = ("-found_at", "-pk")


class FindingViewSet(NotedListMixin, viewsets.GenericViewSet):
    """What the enrollment audit finds now; a finding goes when the records are put right."""

    queryset = Finding.objects.none()
    serializer_class = sent.FindingSerializer
    pagination_class = NewestFound
    filterset_fields = ["check_number", "severity", "student", "district"]

    def get_queryset(self):
        rows = Finding.objects.visible_to(self.request.user).open()
        return rows.select_related("district", "enrollment")

    @extend_schema(request=sent.WordsSerializer, responses=sent.FindingSerializer)
    @action(detail=True, methods=["post"])
    def explain(self, request: Request, pk: str) -> Response:
        typed = checked(sent.WordsSerializer(data=request.data))
        explained = explain(by=request.user, finding=self.get_object(), words=typed["words"])
        return Response(sent.FindingSerializer(explained).data)


class RosterViewSet(viewsets.ViewSet):
    """Who was on a roster on a day, as known at an instant (R4.04, R10.05)."""

    @extend_schema(parameters=[sent.AskedRosterSerializer], responses=sent.RosterSerializer)
    def list(self, request: Request) -> Response:
        typed = checked(sent.AskedRosterSerializer(data=request.query_params.dict()))
        if not sees_roster(request.user, typed["district"], typed.get("site")):
            raise Http404
        asked = Asked(
            typed["district"], typed.get("day") or timezone.localdate(),
            min(typed.get("known") or timezone.now(), timezone.now()), Roster(typed["roster"]),
            typed.get("site"), typed["grade"],
        )  # fmt: skip
        total, first = sum(group.n for group in groups(asked)), (typed["page"] - 1) * PAGE
        found = list(Members(asked, total)[first : first + PAGE])
        request.user.saw_among_others([row.student.pk for row in found], "roster over the API", "API")
        answer = {"count": total, "page": typed["page"], "results": found}
        return Response(sent.RosterSerializer(answer).data)
