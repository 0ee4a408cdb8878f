"""The Ed-Fi desk: health, reasons largest first, and one record beside the state's copy of it."""

from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from edfi import desk
from edfi.access import who_may_take, why_not_set_up
from edfi.actions.ask_again import why_not_send
from edfi.compare import differences, is_there, last_sent, should_be
from edfi.models import Connection, Needs, Trouble
from edfi.over_time import Week, by_week
from edfi.remedies import place_to_mend, value_to_map
from edfi.rules.records import SSEPEA
from edfi.rules.root_cause import NAMES
from edfi.rules.years import school_year_of, year_name
from security.access import holds_anywhere, who_can
from security.refusals import NotAllowed, Unreachable
from security.rules.roles import Permission
from security.scope import narrowed
from ui.charts import Bar


def for_those_who_see_it(view):
    """The desk is open to roles that see the exchange, and shows what they see: no more of the rest."""

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not holds_anywhere(request.user, Permission.SEE_EDFI):
            raise NotAllowed(f"Only {who_can(Permission.SEE_EDFI)} can see the Ed-Fi desk.")
        with narrowed(request.user, desk.edfi_scope(request.user)):
            return view(request, *args, **kwargs)

    return guarded


@require_safe
@for_those_who_see_it
def show(request: HttpRequest) -> HttpResponse:
    connections = list(desk.connections_of(request.user))
    connection = chosen_connection(request, connections)
    if connection is None:
        may_make = holds_anywhere(request.user, Permission.MANAGE_EDFI)
        return render(request, "edfi/no_connection.html", {"may_make": may_make})
    causes = desk.causes(request.user, connection)
    trouble = _picked(request, connection, causes)
    context = {
        "connection": connection,
        "connections": connections,
        "year": year_name(school_year_of(timezone.localdate())),
        "health": desk.health(request.user, connection),
        "rows": [(cause, cause.is_of(trouble)) for cause in causes],
        "record": _record(request, trouble) if trouble else None,
        "charts": _charts(request, connection),
    }
    return render(request, "edfi/desk.html", context)


def _charts(request: HttpRequest, connection: Connection) -> list[tuple[str, list[Bar]]]:
    """None before anything was compared, or the first reason was seen."""
    weeks = by_week(request.user, connection)
    drawn = (
        ("As they should be, at the last comparison of the week", "right", "soft"),
        ("Need a person, at the end of the week", "person", "bad"),
        ("Wait or are retried, at the end of the week", "waiting", "soft"),
        ("Cleared in the week", "cleared", "accent"),
    )
    if not any(week.person or week.waiting or week.cleared or week.right for week in weeks):
        return []
    return [(title, _bars(weeks, what, ink)) for title, what, ink in drawn]


def _bars(weeks: list[Week], what: str, ink: str) -> list[Bar]:
    """None where it was never so."""
    told = [(week.last_day, getattr(week, what)) for week in weeks]
    bars = [Bar(f"{day:%b} {day.day}", n, ink) for day, n in told if n is not None]
    return bars if any(bar.n for bar in bars) else []


def chosen_connection(request: HttpRequest, connections: list[Connection]) -> Connection | None:
    asked = request.GET.get("connection", "")
    return next((row for row in connections if str(row.pk) == asked), connections[0] if connections else None)


def _picked(request: HttpRequest, connection: Connection, causes: list[desk.Cause]) -> Trouble | None:
    """The record that was asked for, or the first one that needs a person."""
    asked = request.GET.get("record", "")
    rows = desk.troubles_of(request.user, connection).select_related(
        "student", "connection__state", "district", "assigned_to"
    )
    if asked.isdecimal():
        return get_object_or_404(rows, pk=int(asked))
    first = next((cause.first for cause in causes if cause.needs == Needs.PERSON), None)
    return rows.filter(pk=first or (causes[0].first if causes else 0)).first()


def _record(request: HttpRequest, trouble: Trouble) -> dict:
    wanted, sent = should_be(trouble), last_sent(trouble)
    there, silence = _look(trouble, wanted, sent)
    request.user.looked_at(trouble.student_id, "Ed-Fi record", "state reporting")
    return {
        "trouble": trouble,
        "name": NAMES[trouble.resource or SSEPEA],
        "tone": "bad" if trouble.needs == Needs.PERSON else "info",
        **desk.among_its_like(request.user, trouble),
        "heads": ["Should be", "Is there", f"Sent {_when(sent)}"],
        "rows": differences(wanted and wanted.payload, there, sent and sent.payload),
        "silence": silence,
        **_to_do(request, trouble),
    }


def _to_do(request: HttpRequest, trouble: Trouble) -> dict:
    """What this person may do about it."""
    may_set_up = why_not_set_up(request.user, trouble.connection) is None
    may_send = why_not_send(request.user, trouble) is None
    return {
        "may_send": may_send,
        "value": value_to_map(trouble) if may_set_up and may_send else None,
        "mend": place_to_mend(trouble),
        "people": who_may_take(trouble) if may_send else (),
        "notes": trouble.notes.select_related("by"),
    }


def _look(trouble: Trouble, wanted, sent) -> tuple[dict | None, str]:
    """(the state's copy, ""), or (None, why it cannot be seen)."""
    known = (wanted.year, wanted.natural_key) if wanted else sent and (sent.school_year, sent.natural_key)
    if not known:
        return None, ""
    try:
        return is_there(trouble.connection, trouble.resource or SSEPEA, *known), ""
    except Unreachable as silence:
        return None, str(silence)


def _when(sent) -> str:
    return timezone.localtime(sent.sent_at).strftime("%b %-d, %Y") if sent and sent.sent_at else "(not yet)"
