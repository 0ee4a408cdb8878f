"""One child at the Ed-Fi desk: every record three times, the reasons with their rules, the history."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from edfi import desk
from edfi.child import picture_of
from edfi.views.desk import chosen_connection, for_those_who_see_it
from students.models import Student


@require_safe
@for_those_who_see_it
def show(request: HttpRequest, pk: int) -> HttpResponse:
    student = Student.objects.in_scope(desk.edfi_scope(request.user)).filter(pk=pk).first()
    if student is None or not desk.answers_for(request.user, student):
        raise Http404
    connections = list(desk.connections_of(request.user).filter(state=student.state_id))
    connection = chosen_connection(request, connections)
    if connection is None:
        raise Http404
    request.user.looked_at(student.pk, "Ed-Fi records", "state reporting")
    lines = desk.every_trouble_of(request.user, connection).filter(student=student)
    context = {
        "student": student,
        "connection": connection,
        "connections": connections,
        "heads": ["Should be", "Is there", "Sent"],
        "picture": picture_of(student, connection),
        "lines": lines.select_related("assigned_to").prefetch_related("notes__by").order_by("-last_seen"),
    }
    return render(request, "edfi/student.html", context)
