"""Progress toward goals and the transition checklist over the API."""

from django.utils import timezone
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from ieps import access, actions
from ieps.goals import PLANS, goals_of, measured
from ieps.models import Line, Measurement, TeamAnswer
from ieps.rules.indicator_13 import Finding
from ieps.transition import checklists_of
from security.api import checked


class MeasuredSerializer(serializers.Serializer):
    """`goal`: the line of the plan whose goal it is."""

    goal = serializers.IntegerField()
    on = serializers.DateField()
    value = serializers.DecimalField(max_digits=9, decimal_places=2)
    unit = serializers.CharField(max_length=40)
    method = serializers.CharField(max_length=120, default="", allow_blank=True)
    note = serializers.CharField(max_length=1000, default="", allow_blank=True)


class MeasurementSerializer(serializers.ModelSerializer):
    class Meta:
        model = Measurement
        fields = ["id", "goal", "on", "value", "unit", "method", "note", "by", "recorded_at", "withdrawn_at"]


class AnswerSerializer(serializers.Serializer):
    item = serializers.CharField(max_length=20)
    answer = serializers.ChoiceField(choices=TeamAnswer.choices)
    words = serializers.CharField(max_length=500, default="", allow_blank=True)


class ProgressMixin:
    @action(detail=True, methods=["get", "post"])
    def measurements(self, request: Request, pk: str) -> Response:
        """GET: each goal with what was measured, also under earlier IEPs. POST: one measurement more."""
        iep = self.get_object()
        if request.method == "GET":
            request.user.looked_at(iep.student_id, "progress toward goals over the API", "API")
            goals = goals_of([iep.pk]).get(iep.pk, [])
            values = measured(goals)
            return Response([
                {"goal": goal.line, "title": goal.title, "words": goal.goal,
                 "measurements": MeasurementSerializer(values[goal.line], many=True).data}
                for goal in goals
            ])  # fmt: skip
        access.check_may_measure(request.user, iep)
        sent = checked(MeasuredSerializer(data=request.data))
        goal = get_object_or_404(Line, iep=iep, section=PLANS, table="", pk=sent.pop("goal"))
        row = actions.measure(by=request.user, iep=iep, goal=goal, measured=actions.Measured(**sent))
        return Response(MeasurementSerializer(row).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["get", "post"])
    def transition(self, request: Request, pk: str) -> Response:
        """GET: the checklist of indicator 13. POST: the team's answer to one item."""
        iep = self.get_object()
        if request.method == "POST":
            sent = checked(AnswerSerializer(data=request.data))
            actions.answer_checklist(by=request.user, iep=iep, **sent)
        request.user.looked_at(iep.student_id, "transition checklist over the API", "API")
        findings = checklists_of([iep], timezone.localdate())[iep.pk]
        return Response([_told(one) for one in findings])


def _told(finding: Finding) -> dict[str, object]:
    return {
        "item": finding.item.item,
        "question": finding.item.question,
        "answer": finding.answer,
        "evidence": finding.evidence,
        "asked": finding.asked,
    }
