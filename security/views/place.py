"""Which district's access a page is about, among those that the reader looks after."""

from django.http import Http404, HttpRequest

from organizations.models import District
from security.access import who_look_after
from security.queries.places import districts_of
from security.refusals import NotAllowed


def chosen_district(request: HttpRequest) -> District:
    """`?district=`, or the first. Raises NotAllowed for whoever looks after none, 404 for another's."""
    mine = districts_of(request.user)
    asked = request.POST.get("district") or request.GET.get("district", "")
    found = (
        mine.filter(pk=int(asked)).first()
        if asked.isascii() and asked.isdigit() and len(asked) < 19
        else mine.first()
    )
    if found:
        return found
    if asked and mine.exists():
        raise Http404
    raise NotAllowed(f"Only {who_look_after()} can see who has access.")
