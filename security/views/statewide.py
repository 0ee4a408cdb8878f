"""Roles that no district answers for, at large or at a site without an overseer: the state ends them.

They stand in no district's review, so this page shows what a review would: since when, why, last sign-in.
"""

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from security.access import check
from security.actions import name_role as actions
from security.actions.name_role import DEED
from security.forms.people import NameRoleForm
from security.models import Assignment
from security.queries.authorized import role_name
from security.refusals import RuleBroken
from security.rules.roles import Permission
from security.views.access_of import because_of, runs, status_of
from security.views.reauthentication import sure_it_is_you
from ui.lists import Column, Filter, ListState, Page, take
from ui.parts import Cell

COLUMNS = (
    Column("who", "Who", ("user__last_name", "user__first_name")),
    Column("role", "Role"),
    Column("since", "Since, and why", "first_day"),
    Column("seen", "Last sign-in", "user__last_login"),
    Column("state", "State"),
    Column("end", "Action", label_hidden=True),
)
FILTERS = (Filter("show", "Show", [("", "In force"), ("ended", "Ended")]),)


@require_safe
def statewide_roles(request: HttpRequest) -> HttpResponse:
    check(request.user, Permission.GRANT_ACCESS, None, "see who holds a role for the whole state")
    state = ListState.read(request.GET, COLUMNS, filters=FILTERS, default_sort="who")
    now = timezone.now()
    rows = Assignment.objects.answered_by_the_state(timezone.localdate(now))
    unended = Q(pk__in=Assignment.objects.unended(now))
    rows = rows.exclude(unended) if state.chosen.get("show") else rows.filter(unended)
    found = rows.select_related("user", "site", "granted_by", "ended_by")
    page = take(found.order_by(*state.order_by()), state)
    shown = Page(page.state, [_line(row) for row in page.rows], page.count, page.has_next)
    return render(request, "security/people/statewide.html", {"page": shown, "state": page.state})


@sure_it_is_you
def name_role(request: HttpRequest) -> HttpResponse:
    """Superintendents, state administrators, auditors and support staff: what nobody asks for."""
    check(request.user, Permission.GRANT_ACCESS, None, DEED)
    form = NameRoleForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            given = actions.name_role(by=request.user, **form.named())
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
        else:
            where = given.district or "the whole state"
            messages.success(
                request, f"{given.user} is {role_name(given).lower()} for {where} from today on."
            )
            return redirect("security:statewide")
    return render(
        request, "security/people/name_role.html", {"form": form}, status=400 if form.errors else 200
    )


def _line(row: Assignment) -> dict[str, object]:
    given = f"given by {row.granted_by}" if row.granted_by else "given when the system was set up"
    who = str(row.user) if row.user.is_active else f"{row.user} (account closed)"
    return {
        "who": Cell(who, sub=row.user.position),
        "role": Cell(role_name(row), sub=str(row.place or "the whole state")),
        "since": Cell(row.first_day, sub=": ".join(filter(None, (given, row.reason)))),
        "seen": row.user.last_login or "never",
        "state": Cell(status=status_of(row), sub=because_of(row)),
        "end": Cell(f"End the role of {row.user}", reverse("security:end_role", args=[row.pk]))
        if runs(row)
        else "",
    }
