"""Students over the API: what the signed-in person may see; they are written by entering them."""

from django.db.models import Model
from django_filters.rest_framework import FilterSet
from rest_framework import mixins, serializers, viewsets
from rest_framework.decorators import action
from rest_framework.exceptions import ValidationError
from rest_framework.pagination import CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response

from students.models import Jurisdiction, Student
from students.search import find


class JurisdictionSerializer(serializers.ModelSerializer):
    class Meta:
        model = Jurisdiction
        fields = ["district", "site", "first_day", "last_day", "local_student_id", "contested"]


class StudentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Student
        fields = [
            "id", "state_student_id", "edfi_id", "last_name", "first_name", "middle_name", "suffix",
            "birth_date", "sex", "hispanic", "races", "grade", "home_language", "is_active",
            "part_c_history", "part_c_since", "part_c_continued_on", "version",
        ]  # fmt: skip
        read_only_fields = fields


class WholeStudentSerializer(StudentSerializer):
    jurisdictions = JurisdictionSerializer(many=True)

    class Meta(StudentSerializer.Meta):
        fields = [*StudentSerializer.Meta.fields, "jurisdictions"]
        read_only_fields = fields


class NotedListMixin(mixins.ListModelMixin):
    """Every child of a page is noted in the record of access (34 CFR 300.614), by one insert."""

    of_child = "student_id"

    def paginate_queryset(self, rows):
        page = super().paginate_queryset(rows)
        ids = [getattr(row, self.of_child) for row in page]
        self.request.user.saw_among_others(ids, f"{rows.model._meta.verbose_name_plural} over the API", "API")
        return page


class NotedRetrieveMixin(mixins.RetrieveModelMixin):
    """One record of a child, opened or given back by a verb, is noted (34 CFR 300.614)."""

    def retrieve(self, request: Request, *args, **kwargs) -> Response:
        return self.answer(self.get_object())

    def answer(self, record: Model, status: int = 200) -> Response:
        self.request.user.looked_at(record.student_id, f"{record._meta.verbose_name} over the API", "API")
        return Response(self.get_serializer(record).data, status=status)


class ByName(CursorPagination):
    ordering = ("sort_name", "pk")


class StudentFilter(FilterSet):
    class Meta:
        model = Student
        fields = ["state_student_id", "edfi_id", "grade", "birth_date"]


class StudentViewSet(NotedListMixin, mixins.RetrieveModelMixin, viewsets.GenericViewSet):
    """Lists by name; opening one child is noted in the record of access."""

    queryset = Student.objects.none()
    serializer_class = StudentSerializer
    pagination_class = ByName
    filterset_class = StudentFilter
    of_child = "pk"

    def get_queryset(self):
        return Student.objects.visible_to(self.request.user)

    def get_serializer_class(self):
        return WholeStudentSerializer if self.action == "retrieve" else StudentSerializer

    def retrieve(self, request: Request, *args, **kwargs) -> Response:
        student = self.get_object()
        request.user.looked_at(student.pk, "student over the API", "API")
        return Response(self.get_serializer(student).data)

    @action(detail=False, pagination_class=None, filterset_class=None)
    def search(self, request: Request) -> Response:
        """`?q=` words as in the search box; at most 20, each with why it was found."""
        try:
            found = find(request.user, request.query_params.get("q", ""))
        except ValueError as sentence:
            raise ValidationError({"detail": str(sentence), "field": "q"}) from None
        request.user.saw_among_others([hit.student.pk for hit in found], "search over the API", "API")
        return Response([{"why": hit.why, "student": StudentSerializer(hit.student).data} for hit in found])
