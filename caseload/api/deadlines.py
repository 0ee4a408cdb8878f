"""What is due over the API."""

from datetime import date
from typing import Any

from django.db.models.functions import Coalesce
from django_filters.rest_framework import CharFilter, DateFilter, FilterSet
from rest_framework import serializers, viewsets
from rest_framework.pagination import CursorPagination

from caseload.actions.dirty import count_children
from caseload.models import Deadline
from caseload.rules.sources import listed
from security.scope import scope_of
from students.api import NotedListMixin, NotedRetrieveMixin

ME = "me"


class DeadlineSerializer(serializers.ModelSerializer):
    """`why_not` says why a deadline has no day."""

    class Meta:
        model = Deadline
        fields = [
            "id", "student", "district", "site", "number", "part", "name", "record_kind", "record_id",
            "responsible", "starts_on", "due_on", "why_not", "extended", "standing", "rule",
        ]  # fmt: skip
        read_only_fields = fields


class DeadlineFilter(FilterSet):
    """`?who=me` or the number of a person; `?due_by=` with overdue ones."""

    who = CharFilter(method="with_person")
    due_by = DateFilter(field_name="due_on", lookup_expr="lte")

    class Meta:
        model = Deadline
        fields = ("student", "number", "site")

    def with_person(self, rows: Any, name: str, who: str) -> Any:
        if who == ME:
            return rows.filter(responsible=self.request.user)
        known = who.isascii() and who.isdigit() and len(who) < 10
        return rows.filter(responsible=int(who)) if known else rows.none()


class SoonestFirst(CursorPagination):
    ordering = ("day", "pk")


class DeadlineViewSet(NotedListMixin, NotedRetrieveMixin, viewsets.GenericViewSet):
    """What is open, of the children for whom my places answer; what is out of date is counted anew."""

    serializer_class = DeadlineSerializer
    filterset_class = DeadlineFilter
    pagination_class = SoonestFirst
    queryset = Deadline.objects.none()

    def get_queryset(self):
        mine = scope_of(self.request.user)
        count_children(mine)
        rows = Deadline.objects.in_scope(mine).open().filter(number__in=listed())
        return rows.annotate(day=Coalesce("due_on", date.max))
