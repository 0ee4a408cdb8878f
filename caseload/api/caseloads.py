"""Who answers for what over the API, and handing it to somebody else."""

from typing import Any

from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from caseload.actions.reassign import check_may_reassign, reassign
from caseload.held import Held, held_by, takers, who_hold, with_reasons
from security.api import checked
from security.models import User
from security.refusals import RuleBroken


class PersonSerializer(serializers.ModelSerializer):
    name = serializers.CharField(source="__str__")

    class Meta:
        model = User
        fields = ["id", "name"]


class HandOverSerializer(serializers.Serializer):
    """`chosen`: the keys of what goes over."""

    to = serializers.IntegerField()
    chosen = serializers.ListField(child=serializers.CharField(max_length=40), max_length=2_000)


class CaseloadViewSet(viewsets.GenericViewSet):
    """Whose records somebody answers for, and handing them over; a person stands for a caseload."""

    serializer_class = PersonSerializer
    pagination_class = None
    queryset = User.objects.none()

    def get_queryset(self):
        check_may_reassign(self.request.user)
        return who_hold(self.request.user)

    def list(self, request: Request) -> Response:
        """Who answers for something that I may see, and who could take it over."""
        holders = self.get_queryset()
        told = {"holders": holders, "takers": takers(request.user)}
        return Response({name: PersonSerializer(rows, many=True).data for name, rows in told.items()})

    def retrieve(self, request: Request, pk: str) -> Response:
        """Each record with why it cannot be handed over, if so."""
        held = held_by(request.user, self.get_object())
        _noted(request, held)
        return Response([_told(each, why_not) for each, why_not in with_reasons(held, request.user)])

    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, pk: str) -> Response:
        """Says what went over, and what stayed and why."""
        person, sent = self.get_object(), checked(HandOverSerializer(data=request.data))
        to = takers(request.user).filter(pk=sent["to"]).first()
        if to is None:
            raise RuleBroken("Choose a person who coordinates evaluations or manages IEPs here.", "to")
        done = reassign(by=request.user, person=person, to=to, chosen=sent["chosen"])
        _noted(request, [*done.moved, *(held for held, _ in done.stayed)])
        stayed = [_told(held, why_not) for held, why_not in done.stayed]
        return Response({"moved": [_told(held) for held in done.moved], "stayed": stayed})


def _noted(request: Request, held: list[Held]) -> None:
    request.user.saw_among_others({each.student.pk for each in held}, "caseload over the API", "API")


def _told(held: Held, why_not: str | None = None) -> dict[str, Any]:
    return {"key": held.key, "student": held.student.pk, "what": held.what, "why_not": why_not}
