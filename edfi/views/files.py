"""A list of the desk is handed out: as a file, as a job that writes it, or with the reason why not."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from edfi.actions.take_away import is_long, take_away
from edfi.files import Listing
from jobs.models import Job
from security.refusals import RuleBroken
from security.views.reauthentication import asked_again


def hand_out(request: HttpRequest, listing: Listing, query: Mapping[str, str], back: str) -> HttpResponse:
    """Who asks for a long one is asked first whether it is surely them."""
    try:
        if is_long(by=request.user, listing=listing, query=query) and (question := asked_again(request)):
            return question
        reason = request.POST.get("reason", "")[:200]
        given = take_away(by=request.user, listing=listing, query=query, reason=reason)
    except RuleBroken as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    if isinstance(given, Job):
        return redirect(given)
    headers = {"Content-Disposition": f'attachment; filename="{listing.file_name}"'}
    return HttpResponse(given, content_type="text/csv; charset=utf-8", headers=headers)
