"""IEPs and their texts over the API."""

from django_filters.rest_framework import FilterSet
from rest_framework import serializers, status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from evaluations.api import NewestFirst
from ieps import actions
from ieps.api.form import FormMixin
from ieps.api.official import OfficialMixin
from ieps.api.progress import ProgressMixin
from ieps.models import Iep, SectionText
from security.api import checked
from students.api import NotedListMixin, NotedRetrieveMixin
from students.models import Student


class IepSerializer(serializers.ModelSerializer):
    class Meta:
        model = Iep
        fields = [
            "id", "student", "district", "evaluation", "status", "category", "kind", "meeting_date",
            "first_day", "last_day", "grade", "lre", "author", "source", "original_author",
            "original_modified_at", "created_at", "modified_at",
        ]  # fmt: skip
        read_only_fields = fields


class TextSerializer(serializers.ModelSerializer):
    class Meta:
        model = SectionText
        fields = ["section", "field", "text", "version", "saved_by", "saved_at"]
        read_only_fields = ["saved_by", "saved_at"]
        validators = ()  # one text per field: saving over it is the point


class DraftSerializer(serializers.Serializer):
    student = serializers.IntegerField()
    kind = serializers.CharField(max_length=3)
    category = serializers.CharField(max_length=3, default="REG")


class WrittenSerializer(serializers.Serializer):
    """`version` is the one that the text was written over, 0 for the first."""

    section = serializers.CharField(max_length=12)
    field = serializers.CharField(max_length=60)
    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    version = serializers.IntegerField(min_value=0)


class DiscardSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=500)


class IepFilter(FilterSet):
    class Meta:
        model = Iep
        fields = ("student", "status", "kind", "category")


class IepViewSet(
    OfficialMixin, FormMixin, ProgressMixin, NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet
):
    serializer_class = IepSerializer
    filterset_class = IepFilter
    pagination_class = NewestFirst
    queryset = Iep.objects.none()

    def get_queryset(self):
        return Iep.objects.visible_to(self.request.user).select_related("student", "district")

    def create(self, request: Request) -> Response:
        """Begin a draft."""
        sent = _valid(DraftSerializer(data=request.data))
        students = Student.objects.visible_to(request.user)
        student = students.filter(pk=sent.pop("student")).first()
        if student is None:
            return Response({"detail": "No such student."}, status=status.HTTP_404_NOT_FOUND)
        draft = actions.start_draft(by=request.user, student=student, **sent)
        return self.answer(draft, status.HTTP_201_CREATED)

    @action(detail=True, methods=["get", "put"])
    def texts(self, request: Request, pk: str) -> Response:
        """GET: everything written. PUT: one field over the version that was seen; 409 with both texts."""
        iep = self.get_object()
        if request.method == "GET":
            request.user.looked_at(iep.student_id, "texts of an IEP over the API", "API")
            return Response(TextSerializer(iep.texts.order_by("section", "field"), many=True).data)
        sent = _valid(WrittenSerializer(data=request.data))
        try:
            text = actions.save_text(by=request.user, iep=iep, **sent)
        except actions.Conflict as conflict:
            request.user.looked_at(iep.student_id, "texts of an IEP over the API", "API")
            return Response(_both(conflict), status=status.HTTP_409_CONFLICT)
        return Response(TextSerializer(text).data)

    @action(detail=True, methods=["post"])
    def discard(self, request: Request, pk: str) -> Response:
        sent = _valid(DiscardSerializer(data=request.data))
        actions.discard_draft(by=request.user, iep=self.get_object(), reason=sent["reason"])
        return Response(status=status.HTTP_204_NO_CONTENT)


def _both(conflict: actions.Conflict) -> dict[str, object]:
    return {"detail": str(conflict), "mine": conflict.mine, "theirs": TextSerializer(conflict.theirs).data}


def _valid(serializer: Serializer) -> dict:
    return checked(serializer)
