"""Enrollments over the API: the same verbs and sentences as the pages."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment import actions
from enrollment.actions.nonpublic import CHANGED_SCHOOL
from enrollment.models import Enrollment
from organizations.models import District, Site
from security.api import checked
from security.refusals import RuleBroken
from students.actions.register import Child
from students.api import NotedListMixin, NotedRetrieveMixin
from students.models import Student


class EnrollmentSerializer(serializers.ModelSerializer):
    """`version` goes back with an exit, so that nobody overwrites what they did not see."""

    class Meta:
        model = Enrollment
        fields = [
            "id", "student", "district", "site", "responsible_site", "grade", "stage", "entry_code",
            "first_day", "exit_code", "effective_exit_code", "last_day", "attended", "no_show", "seds_state",
            "documentation_due", "version",
        ]  # fmt: skip
        read_only_fields = fields


class ExitSerializer(serializers.Serializer):
    code = serializers.CharField(max_length=6)
    last_day = serializers.DateField()
    how_known = serializers.CharField(max_length=4000)
    new_school = serializers.CharField(max_length=200, required=False, default="")
    version = serializers.IntegerField(required=False)


class NoShowSerializer(serializers.Serializer):
    last_day = serializers.DateField()
    how_known = serializers.CharField(max_length=4000)
    version = serializers.IntegerField(required=False)


class ChildSerializer(serializers.Serializer):
    state_student_id = serializers.RegexField(r"^[0-9A-Za-z-]{4,20}$")
    last_name = serializers.CharField(max_length=60)
    first_name = serializers.CharField(max_length=60)
    middle_name = serializers.CharField(max_length=60, required=False, default="")
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=["F", "M", "X"])


class EntrySerializer(serializers.Serializer):
    """Either `student`, the id of a child in view, or `child`, who is written down when nobody knows it."""

    student = serializers.IntegerField(required=False)
    child = ChildSerializer(required=False)
    district = serializers.PrimaryKeyRelatedField(queryset=District.objects.all())
    site = serializers.PrimaryKeyRelatedField(queryset=Site.objects.all())
    code = serializers.CharField(max_length=6)
    first_day = serializers.DateField()
    grade = serializers.CharField(max_length=4)
    forms_received_on = serializers.DateField(required=False)
    agreement_received_on = serializers.DateField(required=False)
    first_attended = serializers.DateField(required=False)
    local_student_id = serializers.CharField(max_length=20, required=False, default="")
    takes_over = serializers.BooleanField(required=False, default=False)

    def validate(self, typed: dict) -> dict:
        if ("student" in typed) == ("child" in typed):
            raise serializers.ValidationError("Name either a student or a child.")
        return typed


class NewestFirst(CursorPagination):
    ordering = ("-first_day", "-pk")


class EnrollmentViewSet(NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    queryset = Enrollment.objects.none()
    serializer_class = EnrollmentSerializer
    pagination_class = NewestFirst
    filterset_fields = ["student", "district", "site", "last_day", "exit_code"]

    def get_queryset(self):
        return Enrollment.objects.visible_to(self.request.user)

    @extend_schema(request=EntrySerializer, responses={201: EnrollmentSerializer})
    def create(self, request: Request) -> Response:
        typed = _read(EntrySerializer, request)
        papers = ("forms_received_on", "agreement_received_on", "first_attended")
        entered = actions.enter_student(
            by=request.user, child=_child(request, typed), district=typed["district"], site=typed["site"],
            code=typed["code"], on=typed["first_day"], grade=typed["grade"], takes_over=typed["takes_over"],
            papers=actions.Papers(**{name: typed.get(name) for name in papers}),
            local_student_id=typed["local_student_id"],
        )  # fmt: skip
        return Response(EnrollmentSerializer(entered).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=None, responses={400: None})
    def partial_update(self, request: Request, pk: str) -> Response:
        """R6.01: a row is never typed over; a move is an exit and an entry."""
        self.get_object()
        raise RuleBroken(CHANGED_SCHOOL, "site")

    @extend_schema(request=ExitSerializer, responses=EnrollmentSerializer)
    @action(detail=True, methods=["post"])
    def exit(self, request: Request, pk: str) -> Response:
        typed = _read(ExitSerializer, request)
        left = actions.exit_student(
            by=request.user, enrollment=self.get_object(), on=typed.pop("last_day"), **typed
        )
        return Response(EnrollmentSerializer(left).data)

    @extend_schema(request=NoShowSerializer, responses=EnrollmentSerializer)
    @action(detail=True, methods=["post"], url_path="no-show")
    def no_show(self, request: Request, pk: str) -> Response:
        typed = _read(NoShowSerializer, request)
        left = actions.mark_no_show(
            by=request.user, enrollment=self.get_object(), on=typed.pop("last_day"), **typed
        )
        return Response(EnrollmentSerializer(left).data)


def _read(kind: type[serializers.Serializer], request: Request) -> dict:
    return checked(kind(data=request.data))


def _child(request: Request, typed: dict) -> Student | Child:
    if "child" in typed:
        return Child(**typed["child"])
    return get_object_or_404(Student.objects.visible_to(request.user), pk=typed["student"])
