"""Access requests over the API: the same verbs and sentences as the pages."""

from typing import Any

from rest_framework import mixins, serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from organizations.models import District, Site
from security.access import requests as deciding
from security.actions import requests as verbs
from security.api import checked
from security.models import AccessRequest, AccessRequestPlace
from security.refusals import RuleBroken
from security.rules.roles import Role
from security.strength import check_surely


class PlaceSerializer(serializers.ModelSerializer):
    class Meta:
        model = AccessRequestPlace
        fields = ["district", "site"]


class AccessRequestSerializer(serializers.ModelSerializer):
    """`assignments`: the roles that were given."""

    places = PlaceSerializer(many=True)

    class Meta:
        model = AccessRequest
        fields = [
            "id", "requester", "district", "role", "places", "iep_forms", "reason", "warning", "state",
            "submitted_at", "approved_by", "approved_at", "escalated_at", "closed_by", "closed_at", "note",
            "assignments",
        ]  # fmt: skip
        read_only_fields = fields


class IdField(serializers.IntegerField):
    def __init__(self, **options: Any) -> None:
        super().__init__(min_value=1, max_value=2**62, **options)


class WantedSerializer(serializers.Serializer):
    """Districts and sites by id; all of them places of one district."""

    role = serializers.ChoiceField([role.value for role in Role])
    districts = serializers.ListField(child=IdField(), default=list)
    sites = serializers.ListField(child=IdField(), default=list)
    iep_forms = serializers.BooleanField(default=False)
    reason = serializers.CharField(max_length=200)


class DenialSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=200)


class NewestFirst(CursorPagination):
    ordering = "-pk"


class AccessRequestViewSet(mixins.ListModelMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    serializer_class = AccessRequestSerializer
    pagination_class = NewestFirst
    queryset = AccessRequest.objects.none()

    def get_queryset(self):
        seen = deciding.requests_seen_by(self.request.user)
        return seen.select_related("district__state", "requester").prefetch_related("places", "assignments")

    def create(self, request: Request) -> Response:
        sent = checked(WantedSerializer(data=request.data))
        places = (*_found(District, sent.pop("districts")), *_found(Site, sent.pop("sites")))
        wanted = verbs.Wanted(**sent | {"role": Role(sent["role"])}, places=places)
        asked = verbs.ask(by=request.user, wanted=wanted)
        return Response(self.get_serializer(asked).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        return self._give(verbs.approve)

    @action(detail=True, methods=["post"])
    def grant(self, request: Request, pk: str) -> Response:
        return self._give(verbs.grant)

    @action(detail=True, methods=["post"])
    def deny(self, request: Request, pk: str) -> Response:
        asked = self.get_object()
        verbs.deny(by=request.user, request=asked, **checked(DenialSerializer(data=request.data)))
        return Response(self.get_serializer(self.get_object()).data)

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, pk: str) -> Response:
        return self._do(verbs.withdraw)

    def _give(self, verb: Any) -> Response:
        self.get_object()
        check_surely(self.request)
        return self._do(verb)

    def _do(self, verb: Any) -> Response:
        verb(by=self.request.user, request=self.get_object())
        return Response(self.get_serializer(self.get_object()).data)


def _found(model: Any, ids: list[int]) -> list:
    rows = list(model.objects.filter(pk__in=ids).select_related("state"))
    if len(rows) < len(set(ids)):
        raise RuleBroken(f"There is no such {model._meta.verbose_name}.", f"{model._meta.model_name}s")
    return rows
