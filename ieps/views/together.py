"""Who is in the sections of an IEP, and a section taken out by one person: the piece that renews itself."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ieps import actions
from ieps.models import Iep
from ieps.together import in_list, in_section
from ieps.views.page import found
from ieps.views.section import chapter_of
from security.refusals import RuleBroken

DEEDS = ("take", "give_back", "leave", "take_away")


@require_safe
def here(request: HttpRequest, pk: int, section: str = "") -> HttpResponse:
    """Asked every few seconds by a page of the IEP; no word of the IEP is in the answer.

    `in` names the sections that the page lists.
    """
    shown = in_list(request.user, pk, section, request.GET.get("in", "").split(","))
    if shown is None:
        raise Http404
    together, places = shown
    return render(request, "ieps/here.html", {"iep_pk": pk, "together": together, "places": places})


@require_POST
def hold(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """Take the section out, give it back, leave it, or take it away from whoever has it."""
    this, deed = found(request, pk), request.POST.get("deed", "")
    if deed not in DEEDS:
        raise Http404
    chapter_of(this, section)
    refused = ""
    try:
        _do(deed, request, this, section)
    except RuleBroken as broken:
        refused = str(broken)
    if request.htmx:
        context = {"iep_pk": pk, "together": in_section(request.user, this, section), "refused": refused}
        return render(request, "ieps/here.html", context)
    if refused:
        messages.error(request, refused)
    return redirect("ieps:section", pk, section)


def _do(deed: str, request: HttpRequest, this: Iep, section: str) -> None:
    if deed == "take":
        actions.take_out(by=request.user, iep=this, section=section)
    elif deed == "take_away":
        reason = request.POST.get("reason", "")
        actions.take_away(by=request.user, iep=this, section=section, reason=reason)
    else:
        getattr(actions, deed)(by=request.user, iep=this, section=section)
