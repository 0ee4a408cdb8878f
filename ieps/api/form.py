"""The form of an IEP over the API: its sections as they stand, lines of tables, optional sections."""

from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from ieps import actions
from ieps.items import Entry, Grid
from ieps.models import Line
from ieps.outline import Chapter
from ieps.written import chapters_of
from security.api import checked


class LineSerializer(serializers.Serializer):
    """`table`: key of a table field, empty for a plan of a section that repeats; `plan`: its plan."""

    section = serializers.CharField(max_length=12)
    table = serializers.CharField(max_length=40, default="", allow_blank=True)
    plan = serializers.IntegerField(default=None, allow_null=True)


class ChosenSerializer(serializers.Serializer):
    section = serializers.CharField(max_length=12)
    added = serializers.BooleanField()


class FormMixin:
    @action(detail=True, methods=["get"])
    def form(self, request: Request, pk: str) -> Response:
        """The sections with their fields by key, what is still missing, and the lines of the tables."""
        iep = self.get_object()
        request.user.looked_at(iep.student_id, "form of an IEP over the API", "API")
        return Response([chapter_told(chapter) for chapter in chapters_of(iep)])

    @action(detail=True, methods=["post"])
    def lines(self, request: Request, pk: str) -> Response:
        """Add a line to a table, or another plan to a section that repeats."""
        sent = checked(LineSerializer(data=request.data))
        line = actions.add_line(by=request.user, iep=self.get_object(), **sent)
        return Response({"id": line.pk, "place": line.place}, status=status.HTTP_201_CREATED)

    @action(detail=True, methods=["post"], url_path="lines/(?P<line>[0-9]{1,18})/remove")
    def line(self, request: Request, pk: str, line: str) -> Response:
        """Remove a line; its texts stay beside it."""
        iep = self.get_object()
        row = get_object_or_404(Line.objects.standing(), iep=iep, pk=line)
        actions.remove_line(by=request.user, iep=iep, line=row)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=True, methods=["post"])
    def sections(self, request: Request, pk: str) -> Response:
        """Add an optional section, or leave it out."""
        sent = checked(ChosenSerializer(data=request.data))
        iep = actions.choose_section(by=request.user, iep=self.get_object(), **sent)
        return Response({"added_sections": iep.added_sections})


def chapter_told(chapter: Chapter) -> dict[str, object]:
    return {
        "section": chapter.section,
        "title": chapter.title,
        "needed": chapter.needed,
        "progress": chapter.progress,
        "missing": [item.key for item in chapter.missing],
        "parts": [
            {
                "title": part.title,
                "plan": part.line and part.line.pk,
                "items": [item_told(item) for item in part.items],
            }
            for part in chapter.parts
        ],
    }


def item_told(item: Entry | Grid) -> dict[str, object]:
    if isinstance(item, Entry):
        return {"key": item.key, "label": item.label, "type": item.type, "required": item.required}
    return {
        "table": item.table,
        "label": item.label,
        "columns": [
            {"column": column.column, "label": column.label, "type": column.type} for column in item.columns
        ],
        "lines": [line.pk for line, _ in item.lines],
    }
