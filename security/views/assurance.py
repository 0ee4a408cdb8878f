"""Signing the confidentiality assurance, and publishing its text."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from organizations.models import State
from security.access import check
from security.actions.assurance import latest_text, publish_text, sign, text_to_sign
from security.device import address_of
from security.forms.desk import SignForm, TextForm
from security.holdings import holdings_of
from security.models import AssuranceSignature, AssuranceText
from security.refusals import RuleBroken
from security.rules.roles import Permission


def assurance(request: HttpRequest) -> HttpResponse:
    """The text, why it is asked, and a line for the name; then on to where the person wanted to go."""
    text = text_to_sign(request.user)
    form = SignForm(request.POST or None, initial={"text": text and text.pk})
    if request.method == "POST" and form.is_valid():
        try:
            _sign(request, form)
        except RuleBroken as broken:
            form.add_error(broken.field, str(broken))
            form.data = form.data | {"text": str(text.pk)} if text else form.data
        else:
            messages.success(request, "Signed. Students are shown to you now.")
            return redirect(_next(request))
    context = {
        "text": text,
        "form": form,
        "must_sign": bool(holdings_of(request.user).unsigned),
        "signatures": AssuranceSignature.objects.filter(user=request.user).select_related("text")[:5],
        "next": _next(request, ""),
    }
    return render(request, "security/assurance.html", context, status=400 if form.errors else 200)


def _sign(request: HttpRequest, form: SignForm) -> None:
    read = AssuranceText.objects.filter(pk=form.cleaned_data["text"]).first()
    if read is None:
        raise RuleBroken("The text was not sent along. Read it again, then sign.")
    sign(by=request.user, text=read, typed_name=form.cleaned_data["typed_name"], ip=address_of(request))


def _next(request: HttpRequest, otherwise: str = "caseload:home") -> str:
    """Only addresses of this product."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()):
        return wanted
    return resolve_url(otherwise) if otherwise else ""


def publish(request: HttpRequest, state: int) -> HttpResponse:
    """The state's next version."""
    check(request.user, Permission.GRANT_ACCESS, None, "publish the assurance")
    place = get_object_or_404(State, pk=state)
    latest = latest_text(place)
    form = TextForm(request.POST or None, initial={"text": latest.text if latest else ""})
    if request.method == "POST" and form.is_valid():
        text = publish_text(by=request.user, state=place, **form.cleaned_data)
        messages.success(request, f"Version {text.version} is published.")
        return redirect("security:desk")
    context = {"form": form, "latest": latest, "place": place}
    return render(request, "security/publish_assurance.html", context, status=400 if form.errors else 200)
