"""The parts of an evaluation over the API: components, the team, sections of the report, a waiver."""

from typing import Any

from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from evaluations import actions
from evaluations.models import Component, Evaluation, ReportText, TeamMember
from evaluations.rules import locking
from security.api import checked
from security.models import User
from security.refusals import RuleBroken

HIGHEST_VERSION = 2**31 - 1  # as the database keeps it


class SeenSerializer(serializers.Serializer):
    seen = serializers.IntegerField(required=False)


class DaySerializer(SeenSerializer):
    on = serializers.DateField()


class AssignmentSerializer(DaySerializer):
    area = serializers.CharField(max_length=13)
    evaluator = serializers.IntegerField()


class CompletionSerializer(serializers.Serializer):
    component = serializers.IntegerField()
    on = serializers.DateField()
    instruments = serializers.CharField(max_length=20_000)
    findings = serializers.CharField(max_length=200_000)
    version = serializers.IntegerField(required=False)


class ComponentReasonSerializer(serializers.Serializer):
    component = serializers.IntegerField()
    reason = serializers.CharField(max_length=500)


class GivenOnSerializer(ComponentReasonSerializer):
    evaluator = serializers.IntegerField()
    on = serializers.DateField()
    seen = serializers.IntegerField(required=False)


class MemberSerializer(SeenSerializer):
    name = serializers.CharField(max_length=120)
    part = serializers.CharField(max_length=9)
    agrees = serializers.BooleanField(allow_null=True, default=None)
    statement = serializers.CharField(max_length=20_000, default="", allow_blank=True)
    signed_on = serializers.DateField(allow_null=True, default=None)
    replaces = serializers.IntegerField(allow_null=True, default=None)


class MemberOutSerializer(SeenSerializer):
    member = serializers.IntegerField()


class SectionSerializer(serializers.Serializer):
    """`version` is that of the text it is written over; 0 where there was none."""

    section = serializers.CharField(max_length=20)
    text = serializers.CharField(max_length=200_000, allow_blank=True, trim_whitespace=False)
    version = serializers.IntegerField(min_value=0, max_value=HIGHEST_VERSION)


class WaiverSerializer(SeenSerializer):
    parent_name = serializers.CharField(max_length=120)
    parent_signed_on = serializers.DateField()
    agency_name = serializers.CharField(max_length=120)
    agency_signed_on = serializers.DateField()
    data_are_adequate = serializers.BooleanField()
    guidance = serializers.CharField(max_length=5_000, default="", allow_blank=True)


class ComponentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Component
        fields = [
            "id", "area", "evaluator", "assigned_on", "completed_on", "instruments", "findings", "version",
        ]  # fmt: skip


class TeamMemberSerializer(serializers.ModelSerializer):
    class Meta:
        model = TeamMember
        fields = ["id", "name", "part", "agrees", "statement", "signed_on"]


class ReportTextSerializer(serializers.ModelSerializer):
    class Meta:
        model = ReportText
        fields = ["section", "text", "version", "saved_at"]


class PartsMixin:
    """Each deed answers with the parts as they stand then."""

    request: Request

    @action(detail=True, methods=["get"])
    def parts(self, request: Request, pk: str) -> Response:
        return self._parts(self.get_object())

    @action(detail=True, methods=["post"])
    def component(self, request: Request, pk: str) -> Response:
        """An area is given to an evaluator."""
        evaluation, sent = self._sent(AssignmentSerializer)
        person = _person(sent.pop("evaluator"))
        actions.assign_component(by=request.user, evaluation=evaluation, evaluator=person, **sent)
        return self._parts(evaluation)

    @action(detail=True, methods=["post"], url_path="component-evaluator")
    def component_evaluator(self, request: Request, pk: str) -> Response:
        """Another evaluator goes on, when the earlier one no longer works here."""
        evaluation, sent = self._sent(GivenOnSerializer)
        component, to = _component(evaluation, sent.pop("component")), _person(sent.pop("evaluator"))
        actions.give_on_component(by=request.user, component=component, to=to, **sent)
        return self._parts(evaluation)

    @action(detail=True, methods=["post"], url_path="component-completion")
    def component_completion(self, request: Request, pk: str) -> Response:
        evaluation, sent = self._sent(CompletionSerializer)
        component = _component(evaluation, sent.pop("component"))
        assessed = actions.Assessed(sent.pop("instruments"), sent.pop("findings"))
        actions.complete_component(by=request.user, component=component, assessed=assessed, **sent)
        return self._parts(evaluation)

    @action(detail=True, methods=["post"], url_path="component-reopening")
    def component_reopening(self, request: Request, pk: str) -> Response:
        return self._to_component(actions.reopen_component)

    @action(detail=True, methods=["post"], url_path="component-removal")
    def component_removal(self, request: Request, pk: str) -> Response:
        return self._to_component(actions.take_back_component)

    @action(detail=True, methods=["post"])
    def meeting(self, request: Request, pk: str) -> Response:
        evaluation, sent = self._sent(DaySerializer)
        return self._parts(actions.record_meeting(by=request.user, evaluation=evaluation, **sent))

    @action(detail=True, methods=["post"])
    def member(self, request: Request, pk: str) -> Response:
        evaluation, sent = self._sent(MemberSerializer)
        meant = {"seen": sent.pop("seen", None), "replaces": sent.pop("replaces")}
        member = actions.Member(**sent)
        actions.record_member(by=request.user, evaluation=evaluation, member=member, **meant)
        return self._parts(evaluation)

    @action(detail=True, methods=["post"], url_path="member-out")
    def member_out(self, request: Request, pk: str) -> Response:
        evaluation, sent = self._sent(MemberOutSerializer)
        return self._parts(actions.leave_out_member(by=request.user, evaluation=evaluation, **sent))

    @action(detail=True, methods=["post"])
    def section(self, request: Request, pk: str) -> Response:
        """One section of the report is written; a text of somebody else is never overwritten."""
        evaluation, sent = self._sent(SectionSerializer)
        actions.write_section(by=request.user, evaluation=evaluation, **sent)
        return self._parts(evaluation)

    @action(detail=True, methods=["post"])
    def waiver(self, request: Request, pk: str) -> Response:
        evaluation, sent = self._sent(WaiverSerializer)
        seen, agreement = sent.pop("seen", None), actions.Agreement(**sent)
        return self._parts(
            actions.waive(by=request.user, evaluation=evaluation, agreement=agreement, seen=seen)
        )

    def _sent(self, serializer: type[serializers.Serializer]) -> tuple[Evaluation, dict[str, Any]]:
        return self.get_object(), checked(serializer(data=self.request.data))

    def _to_component(self, deed: Any) -> Response:
        evaluation, sent = self._sent(ComponentReasonSerializer)
        deed(
            by=self.request.user,
            component=_component(evaluation, sent["component"]),
            reason=sent["reason"],
        )
        return self._parts(evaluation)

    def _parts(self, evaluation: Evaluation) -> Response:
        self.request.user.looked_at(evaluation.student_id, "parts of an evaluation", "API")
        fresh = Evaluation.objects.select_related("student", "district__state").get(pk=evaluation.pk)
        return Response(
            {
                "met_on": fresh.met_on,
                "components": ComponentSerializer(fresh.components.all(), many=True).data,
                "team": TeamMemberSerializer(fresh.team.all(), many=True).data,
                "sections": ReportTextSerializer(fresh.texts.order_by("section"), many=True).data,
                "missing": locking.missing_to_lock(fresh.facts()),
            }
        )


def _person(pk: int) -> User:
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise RuleBroken("There is no such person.", "evaluator")
    return person


def _component(evaluation: Evaluation, pk: int) -> Component:
    found = evaluation.components.select_related("evaluator", "evaluation").filter(pk=pk).first()
    if found is None:
        raise RuleBroken("This evaluation has no such component.", "component")
    return found
