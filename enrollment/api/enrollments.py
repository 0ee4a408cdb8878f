"""One enrollment over the API: it begins, is attended, moves and ends."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment import actions
from enrollment.access import check_may_exit
from enrollment.actions.nonpublic import CHANGED_SCHOOL
from enrollment.api.after_exit import AfterExitMixin
from enrollment.api.serializers import (
    AttendSerializer,
    EnrollmentSerializer,
    EntrySerializer,
    ExitSerializer,
    NoShowSerializer,
    TransferSerializer,
)
from enrollment.models import Enrollment
from security.api import checked
from security.refusals import RuleBroken
from students.actions.register import Child
from students.api import NotedListMixin, NotedRetrieveMixin
from students.models import Student

CREATED = status.HTTP_201_CREATED


class NewestFirst(CursorPagination):
    ordering = ("-first_day", "-pk")


class EnrollmentViewSet(AfterExitMixin, NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    queryset = Enrollment.objects.none()
    serializer_class = EnrollmentSerializer
    pagination_class = NewestFirst
    filterset_fields = ["student", "district", "site", "last_day", "exit_code"]

    def get_queryset(self):
        return Enrollment.objects.visible_to(self.request.user)

    @extend_schema(request=EntrySerializer, responses={201: EnrollmentSerializer})
    def create(self, request: Request) -> Response:
        typed = self.sent(EntrySerializer)
        papers = ("forms_received_on", "agreement_received_on", "first_attended")
        entered = actions.enter_student(
            by=request.user, child=_child(request, typed), district=typed["district"], site=typed["site"],
            code=typed["code"], on=typed["first_day"], grade=typed["grade"], takes_over=typed["takes_over"],
            papers=actions.Papers(**{name: typed.get(name) for name in papers}),
            local_student_id=typed["local_student_id"],
        )  # fmt: skip
        return self.answer(entered, CREATED)

    @extend_schema(request=None, responses={400: None})
    def partial_update(self, request: Request, pk: str) -> Response:
        """R6.01: a row is never typed over; a move is an exit and an entry."""
        self.get_object()
        raise RuleBroken(CHANGED_SCHOOL, "site")

    @extend_schema(request=ExitSerializer, responses=EnrollmentSerializer)
    @action(detail=True, methods=["post"])
    def exit(self, request: Request, pk: str) -> Response:
        enrollment, typed = self.get_object(), self.sent(ExitSerializer)
        left = actions.exit_student(by=request.user, enrollment=enrollment, on=typed.pop("last_day"), **typed)
        return self.answer(left)

    @extend_schema(request=NoShowSerializer, responses=EnrollmentSerializer)
    @action(detail=True, methods=["post"], url_path="no-show")
    def no_show(self, request: Request, pk: str) -> Response:
        enrollment, typed = self.get_object(), self.sent(NoShowSerializer)
        left = actions.mark_no_show(by=request.user, enrollment=enrollment, on=typed.pop("last_day"), **typed)
        return self.answer(left)

    @extend_schema(request=TransferSerializer, responses={201: EnrollmentSerializer})
    @action(detail=True, methods=["post"])
    def transfer(self, request: Request, pk: str) -> Response:
        """To another school, as one deed (R6.01-R6.05); answers with the new enrollment."""
        enrollment = self.get_object()
        check_may_exit(request.user, enrollment)
        typed = self.sent(TransferSerializer)
        verb = actions.move_to_school if "exit_code" in typed else actions.transfer_to_nonpublic
        entered = verb(by=request.user, enrollment=enrollment, **typed)
        return self.answer(entered, CREATED)

    @extend_schema(request=AttendSerializer, responses=EnrollmentSerializer)
    @action(detail=True, methods=["post"])
    def attend(self, request: Request, pk: str) -> Response:
        """The registered student came: Stage 4 becomes Stage 5 (R2.04-R2.06)."""
        enrollment, typed = self.get_object(), self.sent(AttendSerializer)
        attending = actions.attend(by=request.user, enrollment=enrollment, **typed)
        return self.answer(attending)

    def sent(self, kind: type[serializers.Serializer]) -> dict:
        return checked(kind(data=self.request.data))


def _child(request: Request, typed: dict) -> Student | Child:
    if "child" in typed:
        return Child(**typed["child"])
    return get_object_or_404(Student.objects.visible_to(request.user), pk=typed["student"])
