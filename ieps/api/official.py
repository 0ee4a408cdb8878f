"""The way to the official IEP and what comes after it, over the API: the same verbs and sentences."""

from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from ieps import actions
from ieps.changes import changes_between
from ieps.models import Iep, Signature, Way
from ieps.signed import Signing
from security.api import checked
from security.device import address_of


class SignSerializer(serializers.Serializer):
    """`line`: that of the participant; `answer` of services_consents.csv; `seen`: the seal that was read."""

    line = serializers.IntegerField(min_value=1)
    name = serializers.CharField(max_length=120)
    way = serializers.ChoiceField(choices=[Way.TYPED, Way.DRAWN], default=Way.TYPED)
    drawing = serializers.CharField(max_length=20_001, default="", allow_blank=True)
    answer = serializers.CharField(max_length=3, default="", allow_blank=True)
    seen = serializers.CharField(max_length=64, default="", allow_blank=True)


class ApproveSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    seen = serializers.CharField(max_length=64, default="", allow_blank=True)


class AmendSerializer(serializers.Serializer):
    why = serializers.CharField(max_length=2000)
    agreed_on = serializers.DateField(default=None, allow_null=True)


class CorrectSerializer(serializers.Serializer):
    """`before` is the text that was seen."""

    section = serializers.CharField(max_length=12)
    field = serializers.CharField(max_length=60)
    before = serializers.CharField(trim_whitespace=False)
    after = serializers.CharField(trim_whitespace=False)
    reason = serializers.CharField(max_length=500)


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class DecisionSerializer(serializers.Serializer):
    grant = serializers.BooleanField()
    answer = serializers.CharField(max_length=500, default="", allow_blank=True)


class SignatureSerializer(serializers.ModelSerializer):
    class Meta:
        model = Signature
        fields = ["id", "line", "purpose", "role", "name", "answer", "way", "signed_on", "sha256"]
        read_only_fields = fields


class OfficialMixin:
    @action(detail=True, methods=["get"])
    def review(self, request: Request, pk: str) -> Response:
        """What keeps it from being official, what is pointed at, and the signatures that stand."""
        iep = self._found(request)
        signing = Signing(iep)
        return Response(
            {
                "standing": iep.standing,
                "stage": signing.stage if iep.is_draft else None,
                "seal": signing.seal,
                "why_not_official": signing.why_not_official if iep.is_draft else None,
                "findings": [
                    {
                        "level": each.level, "section": each.section, "field": each.key,
                        "sentence": each.sentence, "authority": each.authority,
                    }
                    for each in signing.findings
                ],
                "signatures": SignatureSerializer(signing.standing, many=True).data,
            }
        )  # fmt: skip

    @action(detail=True, methods=["post"])
    def sign(self, request: Request, pk: str) -> Response:
        sent = checked(SignSerializer(data=request.data))
        line, answer = sent.pop("line"), sent.pop("answer")
        given = actions.Given(**sent, ip=address_of(request))
        signed = actions.sign(by=request.user, iep=self.get_object(), line=line, given=given, answer=answer)
        return Response(SignatureSerializer(signed).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def approve(self, request: Request, pk: str) -> Response:
        sent = checked(ApproveSerializer(data=request.data))
        given = actions.Given(**sent, ip=address_of(request))
        approval = actions.approve(by=request.user, iep=self.get_object(), given=given)
        return Response(SignatureSerializer(approval).data, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"])
    def official(self, request: Request, pk: str) -> Response:
        return self.answer(actions.make_official(by=request.user, iep=self.get_object()))

    @action(detail=True, methods=["post"])
    def amend(self, request: Request, pk: str) -> Response:
        sent = checked(AmendSerializer(data=request.data))
        draft = actions.begin_amendment(by=request.user, iep=self.get_object(), **sent)
        return self.answer(draft, status.HTTP_201_CREATED)

    @action(detail=True, methods=["get"])
    def changes(self, request: Request, pk: str) -> Response:
        """What an amendment changes, field by field."""
        iep = self._found(request)
        found = changes_between(iep.amends, iep) if iep.amends else []
        return Response([vars(change) for change in found])

    @action(detail=True, methods=["post"])
    def correct(self, request: Request, pk: str) -> Response:
        sent = checked(CorrectSerializer(data=request.data))
        correction = actions.correct(by=request.user, iep=self.get_object(), **sent)
        return Response({"id": correction.pk}, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], url_path="ask-deletion")
    def ask_deletion(self, request: Request, pk: str) -> Response:
        sent = checked(ReasonSerializer(data=request.data))
        asked = actions.ask_deletion(by=request.user, iep=self.get_object(), reason=sent["reason"])
        return Response({"id": asked.pk}, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], url_path="decide-deletion")
    def decide_deletion(self, request: Request, pk: str) -> Response:
        sent = checked(DecisionSerializer(data=request.data))
        return self.answer(actions.decide_deletion(by=request.user, iep=self.get_object(), **sent))

    def _found(self, request: Request) -> Iep:
        iep = self.get_object()
        request.user.looked_at(iep.student_id, "review of an IEP over the API", "API")
        return iep
