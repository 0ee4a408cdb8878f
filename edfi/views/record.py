"""What is done about one record of the desk, or about all with its reason: send, assign, note, map a code."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from edfi import desk
from edfi.access import check_may_work_on, who_may_take
from edfi.actions.ask_again import send_again
from edfi.actions.assign import assign as assign_to
from edfi.actions.configure import map_code
from edfi.actions.write_note import write_note
from edfi.models import Trouble
from edfi.remedies import value_to_map
from edfi.views.desk import for_those_who_see_it
from security.views.tried import did


@require_POST
@for_those_who_see_it
def send(request: HttpRequest, pk: int) -> HttpResponse:
    """One record again, or with `all` every record with the same reason."""
    trouble = _trouble_or_404(request, pk)
    count = send_again(by=request.user, troubles=_meant(request, trouble))
    said = "The record goes" if count == 1 else f"{count:,} records go"
    messages.success(request, f"{said} to the state again. The desk shows the answer in a few seconds.")
    return redirect(f"{reverse('edfi:desk')}?connection={trouble.connection_id}")


@require_POST
@for_those_who_see_it
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    trouble = _trouble_or_404(request, pk)
    chosen = request.POST.get("to", "")
    to = get_object_or_404(who_may_take(trouble), pk=int(chosen)) if chosen.isdecimal() else None
    said = f"This is {to.get_full_name()}'s to mend now." if to else "This is nobody's to mend now."
    did(request, lambda: assign_to(by=request.user, troubles=_meant(request, trouble), to=to), said)
    return redirect(_address(trouble))


@require_POST
@for_those_who_see_it
def note(request: HttpRequest, pk: int) -> HttpResponse:
    trouble, text = _trouble_or_404(request, pk), request.POST.get("text", "")
    did(
        request,
        lambda: write_note(by=request.user, troubles=_meant(request, trouble), text=text),
        "The note is kept. It stays when the record is cleared.",
    )
    return redirect(_address(trouble))


@require_POST
@for_those_who_see_it
def map_value(request: HttpRequest, pk: int) -> HttpResponse:
    """Another state value for the code behind the reason; every record with it goes again."""
    trouble = _trouble_or_404(request, pk)
    check_may_work_on(request.user, [trouble])
    value = value_to_map(trouble)
    if value is None:
        raise Http404
    uri = request.POST.get("uri", "")
    everybody = list(desk.like(request.user, trouble))

    def deed() -> None:
        code = {"descriptor": value.descriptor, "local_code": value.local_code}
        map_code(by=request.user, connection=trouble.connection, uri=uri, **code)
        send_again(by=request.user, troubles=everybody)

    did(request, deed, "The value is kept, and the records with this reason go to the state again.")
    return redirect(_address(trouble))


def _meant(request: HttpRequest, trouble: Trouble) -> list[Trouble]:
    return list(desk.like(request.user, trouble)) if "all" in request.POST else [trouble]


def _address(trouble: Trouble) -> str:
    return f"{reverse('edfi:desk')}?connection={trouble.connection_id}&record={trouble.pk}#record"


def _trouble_or_404(request: HttpRequest, pk: int) -> Trouble:
    for connection in desk.connections_of(request.user):
        rows = desk.troubles_of(request.user, connection).select_related("connection__state", "district")
        if trouble := rows.filter(pk=pk).first():
            return trouble
    raise Http404
