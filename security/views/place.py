"""Which district's access a page is about, among those that the reader looks after."""

from django.http import Http404, HttpRequest

from organizations.models import District
from security.access import who_can
from security.queries.places import LOOKS_AFTER, districts_of
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
    raise NotAllowed(f"Only {' or '.join(who_can(p) for p in LOOKS_AFTER)} can see who has access.")
