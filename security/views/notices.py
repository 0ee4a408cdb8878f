"""What a person was told."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from security.actions.notices import read_all
from ui.lists import Column, ListState, take

COLUMNS = (Column("words", "What"), Column("at", "When", sort="at"))


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """Newest first; unread ones are marked."""
    state = ListState.read(request.GET, COLUMNS, default_sort="-at")
    page = take(request.user.notices.order_by(*state.order_by()), state)
    return render(request, "security/notices.html", {"page": page, "state": page.state})


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    read_all(request.user)
    return redirect("security:notices")
