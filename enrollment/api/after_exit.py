"""After the exit of one enrollment over the API: attempts, papers, the notice, the administrative exit."""

from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from enrollment import actions
from enrollment.access import check_may_exit
from enrollment.api import serializers as sent
from enrollment.models import Decision

CREATED = status.HTTP_201_CREATED


class AfterExitMixin:
    """Actions of the enrollments' viewset, which finds the enrollment and reads what was sent."""

    request: Request
    get_object: Any
    sent: Any

    def listed(self, name: str, rows: Any, serializer: type[serializers.Serializer]) -> Response:
        """Reading them is opening the child's record."""
        enrollment = self.get_object()
        self.request.user.looked_at(enrollment.student_id, f"{name} over the API", "API")
        return Response(serializer(rows(enrollment), many=True).data)

    @extend_schema(request=sent.AttemptSerializer, responses={201: sent.AttemptSerializer})
    @action(detail=True, methods=["get", "post"], url_path="contact-attempts", filterset_fields=None)
    def contact_attempts(self, request: Request, pk: str) -> Response:
        """Attempts to reach the family (R3.04, R5.09), also before the exit."""
        if request.method == "GET":
            return self.listed("attempts", lambda row: row.contact_attempts.all(), sent.AttemptSerializer)
        enrollment, typed = self.get_object(), self.sent(sent.AttemptSerializer)
        made = actions.record_contact_attempt(by=request.user, enrollment=enrollment, **typed)
        return Response(sent.AttemptSerializer(made).data, status=CREATED)

    @extend_schema(request=sent.SentPaperSerializer, responses={201: sent.PaperSerializer})
    @action(detail=True, methods=["get", "post"], filterset_fields=None)
    def papers(self, request: Request, pk: str) -> Response:
        """Documentation of the exit (R9.01, R9.02); a file is fetched under /documents/."""
        if request.method == "GET":
            return self.listed("papers", lambda row: row.exit_papers.all(), sent.PaperSerializer)
        enrollment = self.get_object()
        check_may_exit(request.user, enrollment)
        typed = self.sent(sent.SentPaperSerializer)
        paper = actions.hand_in_paper(by=request.user, enrollment=enrollment, file=typed["file"])
        return Response(sent.PaperSerializer(paper).data, status=CREATED)

    @extend_schema(request=sent.DecisionSerializer, responses=sent.PaperSerializer)
    @action(detail=True, methods=["post"])
    def decision(self, request: Request, pk: str) -> Response:
        """The state accepts or refuses a paper, once."""
        enrollment, typed = self.get_object(), self.sent(sent.DecisionSerializer)
        paper = get_object_or_404(enrollment.exit_papers, pk=typed["paper"])
        accepted = typed["decision"] == Decision.ACCEPTED
        decided = actions.decide_paper(
            by=request.user, paper=paper, accepted=accepted, reason=typed["reason"]
        )
        return Response(sent.PaperSerializer(decided).data)

    @extend_schema(request=sent.ExitNoticeSerializer, responses={201: sent.ExitNoticeSerializer})
    @action(detail=True, methods=["post"])
    def notice(self, request: Request, pk: str) -> Response:
        """Prior written notice (R5.08): services go on until it is issued."""
        enrollment, typed = self.get_object(), self.sent(sent.ExitNoticeSerializer)
        made = actions.issue_exit_notice(
            by=request.user, enrollment=enrollment, on=typed["issued_on"], file=typed.get("file")
        )
        return Response(sent.ExitNoticeSerializer(made).data, status=CREATED)

    @extend_schema(request=sent.AskedSerializer, responses={201: sent.SupportRequestSerializer})
    @action(detail=True, methods=["post"], url_path="administrative-exit")
    def administrative_exit(self, request: Request, pk: str) -> Response:
        """Asks the state to take the student off the special education roster (R5.09, R5.10)."""
        enrollment, typed = self.get_object(), self.sent(sent.AskedSerializer)
        asked = actions.request_administrative_exit(by=request.user, enrollment=enrollment, **typed)
        return Response(sent.SupportRequestSerializer(asked).data, status=CREATED)
