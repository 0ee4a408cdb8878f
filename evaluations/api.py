"""Evaluations over the API: the same verbs and sentences as the pages."""

from typing import Any

from django_filters.rest_framework import FilterSet
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from evaluations import access, actions
from evaluations.api_parts import DaySerializer, PartsMixin, SeenSerializer
from evaluations.forms import OF_THE_CHILD, STATE_ID, as_kept
from evaluations.models import Evaluation, Exceptionality, ReportCopy
from evaluations.rules.stages import row_of
from evaluations.stages import stage_of
from organizations.models import District
from security.api import checked
from security.refusals import RuleBroken
from security.strength import check_surely
from students.actions.register import Child
from students.api import NotedListMixin, NotedRetrieveMixin
from students.facts import SEXES
from students.models import Student


class ExceptionalitySerializer(serializers.ModelSerializer):
    class Meta:
        model = Exceptionality
        fields = ["rank", "code", "name"]


class ReportCopySerializer(serializers.ModelSerializer):
    class Meta:
        model = ReportCopy
        fields = ["on", "to"]


class EvaluationSerializer(serializers.ModelSerializer):
    """`version` goes back as `seen` with a change, so that nobody overwrites what they did not see."""

    exceptionalities = ExceptionalitySerializer(many=True)
    copies = ReportCopySerializer(many=True)
    stage = serializers.SerializerMethodField()

    class Meta:
        model = Evaluation
        fields = [
            "id", "student", "district", "kind", "not_enrolled", "stage", "referral_date", "referral_reason",
            "consent_requested_on", "consent_refused_on", "consent_date", "consent_revoked_on",
            "met_on", "determination_date", "dissemination_date", "outcome", "summary", "delay_reason",
            "late_reason", "extension_code", "extended_to", "exceptionalities", "copies", "locked",
            "locked_at", "locked_by", "lock_version", "version", "source",
        ]  # fmt: skip
        read_only_fields = fields

    def get_stage(self, evaluation: Evaluation) -> str:
        return row_of(stage_of(evaluation)).name


class ReferralSerializer(serializers.Serializer):
    student = serializers.IntegerField()
    kind = serializers.CharField(max_length=4)
    on = serializers.DateField()
    reason = serializers.CharField(max_length=10_000)


class UnenrolledSerializer(serializers.Serializer):
    """A child who attends no public school, and may not be known yet; `state_student_id` as it is shown."""

    district = serializers.IntegerField()
    state_student_id = serializers.RegexField(STATE_ID)
    last_name = serializers.CharField(max_length=60)
    first_name = serializers.CharField(max_length=60)
    birth_date = serializers.DateField()
    sex = serializers.ChoiceField(choices=list(SEXES))
    not_enrolled = serializers.CharField(max_length=4)
    on = serializers.DateField()
    reason = serializers.CharField(max_length=10_000)


class ReasonSerializer(SeenSerializer):
    reason = serializers.CharField(max_length=500)


class DayAndReasonSerializer(DaySerializer):
    reason = serializers.CharField(max_length=500)


class ExtensionSerializer(SeenSerializer):
    code = serializers.CharField(max_length=3)
    to = serializers.DateField()
    reason = serializers.CharField(max_length=500)


class ExtensionDecisionSerializer(SeenSerializer):
    approve = serializers.BooleanField()
    answer = serializers.CharField(max_length=500, default="", allow_blank=True)


class CopySerializer(serializers.Serializer):
    on = serializers.DateField()
    to = serializers.CharField(max_length=200)


class DeterminationSerializer(SeenSerializer):
    on = serializers.DateField()
    outcome = serializers.CharField(max_length=4)
    primary = serializers.CharField(max_length=4, default="", allow_blank=True)
    others = serializers.ListField(child=serializers.CharField(max_length=4), default=list)
    delay_reason = serializers.CharField(max_length=6, default="", allow_blank=True)
    late_reason = serializers.CharField(max_length=255, default="", allow_blank=True)
    summary = serializers.CharField(max_length=50_000, default="", allow_blank=True)


class EvaluationFilter(FilterSet):
    class Meta:
        model = Evaluation
        fields = ("student", "kind", "outcome", "locked")


class NewestFirst(CursorPagination):
    ordering = "-pk"


class EvaluationViewSet(PartsMixin, NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    serializer_class = EvaluationSerializer
    filterset_class = EvaluationFilter
    pagination_class = NewestFirst
    queryset = Evaluation.objects.none()

    def get_queryset(self):
        mine = Evaluation.objects.visible_to(self.request.user)
        return mine.select_related("student").prefetch_related("exceptionalities", "copies")

    def create(self, request: Request) -> Response:
        """A referral."""
        sent = _valid(ReferralSerializer(data=request.data))
        student = Student.objects.visible_to(request.user).filter(pk=sent.pop("student")).first()
        if student is None:
            return Response({"detail": "No such student."}, status=status.HTTP_404_NOT_FOUND)
        evaluation = actions.refer(by=request.user, student=student, **sent)
        return self.answer(evaluation, status.HTTP_201_CREATED)

    @action(detail=False, methods=["post"], pagination_class=None, filterset_class=None)
    def unenrolled(self, request: Request) -> Response:
        """The referral of a child who is in no public school."""
        sent = _valid(UnenrolledSerializer(data=request.data))
        district = District.objects.filter(pk=sent.pop("district")).first()
        if district is None:
            raise RuleBroken("Choose the district.", "district")
        sent["state_student_id"] = as_kept(sent["state_student_id"])
        child = Child(**{name: sent.pop(name) for name in OF_THE_CHILD})
        evaluation = actions.refer_unenrolled(by=request.user, child=child, district=district, **sent)
        return self.answer(evaluation, status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], url_path="consent-request")
    def consent_request(self, request: Request, pk: str) -> Response:
        return self._do(actions.request_consent, DaySerializer)

    @action(detail=True, methods=["post"])
    def consent(self, request: Request, pk: str) -> Response:
        return self._do(actions.receive_consent, DaySerializer)

    @action(detail=True, methods=["post"], url_path="no-assessment")
    def no_assessment(self, request: Request, pk: str) -> Response:
        return self._do(actions.tell_no_assessment, DaySerializer)

    @action(detail=True, methods=["post"], url_path="consent-refusal")
    def consent_refusal(self, request: Request, pk: str) -> Response:
        return self._do(actions.refuse_consent, DayAndReasonSerializer)

    @action(detail=True, methods=["post"], url_path="consent-revocation")
    def consent_revocation(self, request: Request, pk: str) -> Response:
        return self._do(actions.revoke_consent, DayAndReasonSerializer)

    @action(detail=True, methods=["post"])
    def extension(self, request: Request, pk: str) -> Response:
        evaluation = self.get_object()
        sent = _valid(ExtensionSerializer(data=request.data))
        seen = sent.pop("seen", None)
        longer = actions.Longer(**sent)
        return self.answer(
            actions.ask_extension(by=request.user, evaluation=evaluation, longer=longer, seen=seen)
        )

    @action(detail=True, methods=["post"], url_path="extension-decision")
    def extension_decision(self, request: Request, pk: str) -> Response:
        return self._do(actions.decide_extension, ExtensionDecisionSerializer)

    @action(detail=True, methods=["post"])
    def dissemination(self, request: Request, pk: str) -> Response:
        return self._do(actions.give_out, DaySerializer)

    @action(detail=True, methods=["post"], url_path="parent-copy")
    def parent_copy(self, request: Request, pk: str) -> Response:
        """Also of a locked report."""
        evaluation, sent = self.get_object(), _valid(CopySerializer(data=request.data))
        actions.give_copy(by=request.user, evaluation=evaluation, **sent)
        return self.answer(self.get_object())

    @action(detail=True, methods=["post"])
    def determination(self, request: Request, pk: str) -> Response:
        evaluation = self.get_object()
        sent = _valid(DeterminationSerializer(data=request.data))
        seen = sent.pop("seen", None)
        return self.answer(
            actions.record_determination(
                by=request.user, evaluation=evaluation, found=actions.Determination(**sent), seen=seen
            )
        )

    @action(detail=True, methods=["get", "post"])
    def lock(self, request: Request, pk: str) -> Response:
        """POST locks. GET says whether this person can, and if not, why not."""
        if request.method == "GET":
            evaluation = self.get_object()
            request.user.looked_at(evaluation.student_id, "whether an evaluation can be locked", "API")
            why_not = access.why_not_lock(request.user, evaluation)
            return Response({"can": why_not is None, "detail": why_not})
        return self._do(actions.lock, SeenSerializer)

    @action(detail=True, methods=["post"])
    def unlock(self, request: Request, pk: str) -> Response:
        check_surely(self.request)
        return self._do(actions.unlock, ReasonSerializer)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        evaluation = self.get_object()
        actions.discard(by=request.user, evaluation=evaluation, **_valid(ReasonSerializer(data=request.data)))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _do(self, verb: Any, serializer: type[Serializer]) -> Response:
        evaluation = self.get_object()
        sent = _valid(serializer(data=self.request.data))
        return self.answer(verb(by=self.request.user, evaluation=evaluation, **sent))


def _valid(serializer: Serializer) -> dict[str, Any]:
    return checked(serializer)
