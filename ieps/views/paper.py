"""IEPs as files: one as it stands, blank forms to be filled in by hand, and a whole caseload as a job."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ieps import access, actions
from ieps.blank import blank_form
from ieps.changes import amended_by, changes_between
from ieps.forms import PrintForm
from ieps.paper import print_iep
from ieps.rules.codes import CodeSet, codes
from ieps.rules.form import forms
from ieps.rules.print_words import ENGLISH, LANGUAGES
from ieps.views.page import found
from security.views.reauthentication import asked_again
from security.views.tried import tried


@require_safe
def print_one(request: HttpRequest, pk: int) -> HttpResponse:
    """Tagged PDF; `?language=es` puts Spanish beside the headings. An amendment has its changes marked."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "IEP", "print")
    amended = amended_by(this)
    changes = changes_between(amended, this) if amended else ()
    body = print_iep(this, language=_language(request), changes=changes)
    return _pdf(body, f"iep-{this.pk}.pdf")


@require_safe
def blank_forms(request: HttpRequest) -> HttpResponse:
    rows = [(form, codes(CodeSet.IEP_CATEGORY)) for form in forms()]
    return render(request, "ieps/blank_forms.html", {"rows": rows, "languages": LANGUAGES})


@require_safe
def print_blank(request: HttpRequest, form: str, category: str) -> HttpResponse:
    known = {row.code for row in codes(CodeSet.IEP_CATEGORY)}
    if category not in known or form not in {row.form for row in forms()}:
        raise Http404
    return _pdf(blank_form(form, category, _language(request)), f"iep-{form}-{category}-blank.pdf")


def print_many(request: HttpRequest) -> HttpResponse:
    """Asks what and why, then hands it to a worker and leads to the job."""
    form = PrintForm(request.POST or None, whose=access.whose_to_print(request.user))
    if request.method == "POST" and form.is_valid():
        if question := asked_again(request):
            return question
        if job := tried(form, lambda: _ask(request, form.cleaned_data)):
            return redirect(job)
    return render(request, "ieps/print_many.html", {"form": form}, status=400 if form.errors else 200)


def _ask(request: HttpRequest, typed: dict[str, str]):
    with transaction.atomic():
        return actions.ask_for_prints(by=request.user, **typed)


def _language(request: HttpRequest) -> str:
    chosen = request.GET.get("language", ENGLISH)
    return chosen if chosen in LANGUAGES else ENGLISH


def _pdf(body: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "X-Content-Type-Options": "nosniff"}
    return HttpResponse(body, content_type="application/pdf", headers=headers)
