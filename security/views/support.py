"""Support access: asked for here by support, decided here by the district, seen by both."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from security import access
from security.actions import support as actions
from security.forms.signing_in import SupportForm
from security.holdings import holdings_of
from security.models import SupportGrant
from security.refusals import RuleBroken
from security.rules.roles import Permission
from security.views.reauthentication import sure_it_is_you

DEEDS = {
    "approve": (actions.approve_support_access, "Support access is open now. It ends by itself."),
    "refuse": (actions.refuse_support_access, "The request is refused."),
    "end": (actions.end_support_access, "Support access is ended."),
}


def support(request: HttpRequest) -> HttpResponse:
    may_ask = access.holds_anywhere(request.user, Permission.ASK_SUPPORT_ACCESS)
    form = SupportForm(request.POST or None) if may_ask else None
    if form and request.method == "POST" and form.is_valid() and _asked(request, form):
        messages.success(request, "You have asked. The district's security coordinator decides.")
        return redirect("security:support")
    rows = _seen_by(request.user).select_related("user", "district", "approved_by", "ended_by")[:100]
    shown = [(row, access.why_not_approve_support(request.user, row) is None) for row in rows]
    status = 400 if form and form.errors else 200
    return render(request, "security/support.html", {"form": form, "rows": shown}, status=status)


def _asked(request: HttpRequest, form: SupportForm) -> bool:
    try:
        actions.ask_for_support_access(by=request.user, **form.cleaned_data)
    except RuleBroken as broken:
        form.add_error(broken.field, str(broken))
        return False
    return True


@require_POST
@sure_it_is_you
def decide(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    if deed not in DEEDS:
        raise Http404
    grant = get_object_or_404(_seen_by(request.user), pk=pk)
    verb, said = DEEDS[deed]
    try:
        verb(by=request.user, grant=grant)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, said)
    return redirect("security:support")


def _seen_by(user):
    """The own requests, and those of districts whose access this person grants or approves."""
    held = holdings_of(user)
    deciding = (Permission.GRANT_ACCESS.value, Permission.APPROVE_REQUESTS.value)
    if any(permission in held.statewide for permission in deciding):
        return SupportGrant.objects.all()
    districts = {place for permission in deciding for place in held.districts.get(permission, ())}
    return SupportGrant.objects.filter(Q(user=user) | Q(district__in=districts))
