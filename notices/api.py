"""Notices, contacts and requests for records over the API: the same verbs and sentences as the pages."""

from typing import Any

from django_filters.rest_framework import FilterSet
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment.actions import Attempt
from enrollment.models import ContactAttempt, ContactWay
from notices import actions
from notices.models import Delivery, Notice, RecordsRequest
from security.api import checked
from students.api import NotedListMixin, NotedRetrieveMixin
from students.models import Student

CREATED = status.HTTP_201_CREATED


class NewestFirst(CursorPagination):
    ordering = "-pk"


class DeliverySerializer(serializers.ModelSerializer):
    class Meta:
        model = Delivery
        fields = ["channel", "on", "to", "proof"]


class NoticeSerializer(serializers.ModelSerializer):
    """`version` goes back as `seen` with a change; `lines` is the text as issued."""

    deliveries = DeliverySerializer(many=True)
    status = serializers.CharField()

    class Meta:
        model = Notice
        fields = [
            "id", "student", "district", "kind", "status", "evaluation_id", "enrollment_id", "elements",
            "language", "event_on", "replaces", "issued_on", "lines", "sha256", "deliveries", "version",
        ]  # fmt: skip
        read_only_fields = fields


class TypedSerializer(serializers.Serializer):
    elements = serializers.DictField(child=serializers.CharField(max_length=20_000, allow_blank=True))
    language = serializers.CharField(max_length=3, default="eng")
    event_on = serializers.DateField(default=None, allow_null=True)


class DraftSerializer(TypedSerializer):
    student = serializers.IntegerField()
    kind = serializers.CharField(max_length=12)


class ChangeSerializer(TypedSerializer):
    seen = serializers.IntegerField(required=False)


class IssueSerializer(serializers.Serializer):
    on = serializers.DateField()
    seen = serializers.IntegerField(required=False)


class HandedSerializer(serializers.Serializer):
    channel = serializers.CharField(max_length=10)
    on = serializers.DateField()
    to = serializers.CharField(max_length=200)
    proof = serializers.CharField(max_length=500, default="", allow_blank=True)


class NoticeFilter(FilterSet):
    class Meta:
        model = Notice
        fields = ("student", "kind", "evaluation_id", "issued_on")


class NoticeViewSet(NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    pagination_class = NewestFirst
    queryset = Notice.objects.none()

    def get_queryset(self):
        mine = Notice.objects.visible_to(self.request.user)
        return mine.select_related("student").prefetch_related("deliveries")

    def create(self, request: Request) -> Response:
        """A draft; it may be incomplete."""
        sent = checked(DraftSerializer(data=request.data))
        student, kind = _student(request, sent.pop("student")), sent.pop("kind")
        if student is None:
            return _no_student()
        typed = actions.Typed(**sent)
        return self.answer(actions.draft(by=request.user, student=student, kind=kind, typed=typed), CREATED)

    @action(detail=True, methods=["post"])
    def text(self, request: Request, pk: str) -> Response:
        """What the draft says from now on."""
        notice, sent = self.get_object(), checked(ChangeSerializer(data=request.data))
        seen = sent.pop("seen", None)
        typed = actions.Typed(**sent)
        return self.answer(actions.change(by=request.user, notice=notice, typed=typed, seen=seen))

    @action(detail=True, methods=["post"])
    def issue(self, request: Request, pk: str) -> Response:
        notice, sent = self.get_object(), checked(IssueSerializer(data=request.data))
        return self.answer(actions.issue(by=request.user, notice=notice, **sent))

    @action(detail=True, methods=["post"])
    def delivery(self, request: Request, pk: str) -> Response:
        notice, sent = self.get_object(), checked(HandedSerializer(data=request.data))
        actions.deliver(by=request.user, notice=notice, handed=actions.Handed(**sent))
        return self.answer(self.get_object(), CREATED)


class ContactSerializer(serializers.ModelSerializer):
    """`enrollment` is found by itself: the one that goes on, else the latest."""

    student = serializers.IntegerField(source="student_id")
    way = serializers.ChoiceField(choices=ContactWay.choices)
    whom = serializers.CharField(max_length=200)

    class Meta:
        model = ContactAttempt
        fields = ["id", "student", "enrollment", "on", "at_time", "way", "whom", "about", "result"]
        read_only_fields = ["id", "enrollment"]


class ContactFilter(FilterSet):
    class Meta:
        model = ContactAttempt
        fields = ("student", "on", "way")


class ContactViewSet(NotedListMixin, viewsets.GenericViewSet):
    """The log of contacts with the parents: attempts of exits and of everything else."""

    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    pagination_class = NewestFirst
    queryset = ContactAttempt.objects.none()

    def get_queryset(self):
        return ContactAttempt.objects.filter(student__in=Student.objects.visible_to(self.request.user))

    def create(self, request: Request) -> Response:
        sent = checked(ContactSerializer(data=request.data))
        student = _student(request, sent.pop("student_id"))
        if student is None:
            return _no_student()
        made = actions.log_contact(by=request.user, student=student, tried=Attempt(**sent))
        request.user.looked_at(student.pk, "contact attempt over the API", "API")
        return Response(ContactSerializer(made).data, status=CREATED)


class RecordsRequestSerializer(serializers.ModelSerializer):
    student = serializers.IntegerField(source="student_id")

    class Meta:
        model = RecordsRequest
        fields = [
            "id", "student", "district", "asked_by", "asked_on", "what", "meeting_on", "answered_on", "way",
            "answer",
        ]  # fmt: skip
        read_only_fields = ["id", "district", "answered_on", "way", "answer"]


class RecordsAnswerSerializer(serializers.Serializer):
    on = serializers.DateField()
    way = serializers.CharField(max_length=10)
    answer = serializers.CharField(max_length=500, default="", allow_blank=True)


class RecordsRequestFilter(FilterSet):
    class Meta:
        model = RecordsRequest
        fields = ("student", "asked_on", "answered_on")


class RecordsRequestViewSet(NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    serializer_class = RecordsRequestSerializer
    filterset_class = RecordsRequestFilter
    pagination_class = NewestFirst
    queryset = RecordsRequest.objects.none()

    def get_queryset(self):
        return RecordsRequest.objects.visible_to(self.request.user).select_related("student")

    def create(self, request: Request) -> Response:
        sent: dict[str, Any] = checked(RecordsRequestSerializer(data=request.data))
        student = _student(request, sent["student_id"])
        if student is None:
            return _no_student()
        asked = actions.Asked(sent["asked_by"], sent["asked_on"], sent["what"], sent.get("meeting_on"))
        made = actions.take_records_request(by=request.user, student=student, asked=asked)
        return self.answer(made, CREATED)

    @action(detail=True, methods=["post"], url_path="answer", url_name="answer")
    def answer_it(self, request: Request, pk: str) -> Response:
        asked, sent = self.get_object(), checked(RecordsAnswerSerializer(data=request.data))
        return self.answer(actions.answer_records_request(by=request.user, request=asked, **sent))


def _student(request: Request, pk: int) -> Student | None:
    return Student.objects.visible_to(request.user).filter(pk=pk).first()


def _no_student() -> Response:
    return Response({"detail": "No such student."}, status=status.HTTP_404_NOT_FOUND)
