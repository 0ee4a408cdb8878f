"""From the draft to the official IEP: the check of the whole, signatures, approval."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from ieps import access, actions
from ieps.checking import blocking
from ieps.models import Iep
from ieps.outline import chapters
from ieps.rules.codes import CodeSet, name_of
from ieps.signed import Member, Signing
from ieps.signing_forms import ApproveForm, AttachForm, SignForm
from ieps.views.page import found, frame_of
from ieps.views.where import checks_of, phases_of
from security.device import address_of
from security.refusals import RuleBroken
from security.views.tried import tried


@require_safe
def review(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "check of an IEP")
    return show(request, this, AttachForm())


def show(request: HttpRequest, this: Iep, attach_form: AttachForm, status: int = 200) -> HttpResponse:
    signing, user = Signing(this), request.user
    left = blocking(signing.findings, before_signing=True)
    context = {
        **frame_of(this, chapters(signing.written)),
        "signing": signing,
        "phases": phases_of(signing) if this.is_draft else [],
        "blocking": checks_of(this, left),
        "warnings": checks_of(this, [each for each in signing.findings if not each.is_blocking]),
        "later": checks_of(this, [each for each in blocking(signing.findings) if each not in left]),
        "members": [(member, *_in_words(member)) for member in signing.members],
        "why_not_write": access.why_not_write(user, this),
        "why_not_approve": access.why_not_approve(user, this, signing.teachers),
        "why_not_official": access.why_not_make_official(user, this) or signing.why_not_official,
        "attachments": signing.files,
        "attach_form": attach_form,
    }
    return render(request, "ieps/review.html", context, status=status)


def _in_words(member: Member) -> tuple[str, str]:
    """The role, and the answer where one was given."""
    answer = member.signature.answer if member.signature else ""
    return name_of(CodeSet.PARTICIPANT_ROLE, member.role), name_of(CodeSet.SERVICES_CONSENT, answer).lower()


def sign(request: HttpRequest, pk: int, line: int) -> HttpResponse:
    this = found(request, pk)
    signing = Signing(this)
    member = next((each for each in signing.members if each.line == line), None)
    if member is None:
        raise Http404
    request.user.looked_at(this.student_id, "signature of an IEP")
    form = SignForm(
        request.POST or None, request.FILES or None, decides=member.decides, initial={"name": member.name}
    )
    if form.is_bound and form.is_valid() and tried(form, lambda: _sign(request, this, member, form)):
        messages.success(request, f"The signature of {member.name} is kept.")
        return redirect("ieps:review", pk)
    context = {
        **frame_of(this, chapters(signing.written)), "member": member, "form": form, "signing": signing,
        "role": name_of(CodeSet.PARTICIPANT_ROLE, member.role),
        "why_not": access.why_not_write(request.user, this) or signing.why_not_signed,
    }  # fmt: skip
    return render(request, "ieps/sign.html", context, status=400 if form.errors else 200)


def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """The approval makes it official at once: nothing else is left to do then."""
    this = found(request, pk)
    signing = Signing(this)
    request.user.looked_at(this.student_id, "approval of an IEP")
    form = ApproveForm(request.POST or None, initial={"name": request.user.get_full_name()})
    if form.is_bound and form.is_valid() and tried(form, lambda: _approve(request, this, form)):
        messages.success(request, "The IEP is approved and official.")
        return redirect("ieps:iep", pk)
    context = {
        **frame_of(this, chapters(signing.written)), "form": form, "signing": signing,
        "answer": name_of(CodeSet.SERVICES_CONSENT, signing.answer.answer).lower() if signing.answer else "",
        "why_not": access.why_not_approve(request.user, this, signing.teachers)
        or signing.why_not_signed
        or signing.why_not_answered,
    }  # fmt: skip
    return render(request, "ieps/approve.html", context, status=400 if form.errors else 200)


@require_POST
def official(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    try:
        actions.make_official(by=request.user, iep=this)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("ieps:review", pk)
    messages.success(request, "The IEP is official.")
    return redirect("ieps:iep", pk)


@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = found(request, pk), AttachForm(request.POST, request.FILES)
    if form.is_valid() and tried(
        form, lambda: actions.attach(by=request.user, iep=this, **form.cleaned_data)
    ):
        messages.success(request, "The file is added.")
        return redirect("ieps:review", pk)
    return show(request, this, form, status=400)


@require_POST
def detach(request: HttpRequest, pk: int, attachment: int) -> HttpResponse:
    this = found(request, pk)
    try:
        actions.detach(by=request.user, iep=this, number=attachment)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    else:
        messages.success(request, "The file is taken out of the draft.")
    return redirect("ieps:review", pk)


def _sign(request: HttpRequest, this: Iep, member: Member, form: SignForm) -> object:
    given = form.given(address_of(request))
    answer = form.cleaned_data.get("answer", "")
    return actions.sign(by=request.user, iep=this, line=member.line, given=given, answer=answer)


def _approve(request: HttpRequest, this: Iep, form: ApproveForm) -> object:
    actions.approve(by=request.user, iep=this, given=form.given(address_of(request)))
    return actions.make_official(by=request.user, iep=this)
