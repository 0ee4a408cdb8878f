"""One section of the integrated report: saved while typing, brought together when two people wrote."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from evaluations import access, actions
from evaluations.actions import Conflict
from evaluations.forms_of_parts import section_form
from evaluations.models import Evaluation, ReportText
from evaluations.progress import components_of, counted, following, is_needed, sections_of, title_of
from evaluations.rules.report_sections import ReportSection, written_section
from evaluations.views.page import found, ids_of
from security.models import User
from security.refusals import NotAllowed, RuleBroken
from ui.dates import clock
from ui.parts import Check, Fact
from ui.two_texts import both, sides

ANOTHER = (
    "This page was opened by somebody else."
    " Copy the text, or let them sign in again: it is kept on this page."
)


def section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    this, row = _here(request, pk, section)
    if request.method == "POST":
        return _save(request, this, row)
    request.user.looked_at(this.student_id, "section of an evaluation report")
    return _show(request, this, row)


@require_POST
def write(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """200 with the new version; 409 with both texts; 400 with the sentence."""
    this, row = _here(request, pk, section)
    token, text = request.POST.get("version", ""), request.POST.get("text", "")
    if _opened_by_another(request.user, token):
        return JsonResponse({"detail": f"Not saved. {ANOTHER}"}, status=401)
    try:
        saved = actions.write_section(
            by=request.user, evaluation=this, section=row.section, text=text, version=_version_in(token)
        )
    except Conflict as conflict:
        return render(request, "evaluations/conflict.html", _both_of(row, conflict), status=409)
    except (RuleBroken, NotAllowed) as broken:
        status = 403 if isinstance(broken, NotAllowed) else 400
        return JsonResponse({"message": f"Not saved: {broken}"}, status=status)
    at = clock(timezone.localtime(saved.saved_at))
    return JsonResponse({"version": _token(request.user, saved.version), "saved_at": at})


def _here(request: HttpRequest, pk: int, section: str) -> tuple[Evaluation, ReportSection]:
    this, row = found(request, pk), written_section(section)
    if row is None:
        raise Http404
    return this, row


def _save(request: HttpRequest, this: Evaluation, row: ReportSection) -> HttpResponse:
    """The Save button, also without a script; a conflict is ended by the buttons beside it."""
    sent, token = request.POST, request.POST.get("version", "")
    try:
        if _opened_by_another(request.user, token):
            raise RuleBroken(ANOTHER)
        if "text_keep" in sent:
            _choose(request, this, row)
            return redirect("evaluations:section", this.pk, row.section)
        actions.write_section(
            by=request.user, evaluation=this, section=row.section, text=sent.get("text", ""),
            version=_version_in(token),
        )  # fmt: skip
    except Conflict as conflict:
        return _show(request, this, row, conflict.mine, conflict, status=409)
    except (RuleBroken, NotAllowed) as broken:
        messages.error(request, f"Not saved: {broken}")
        status = 403 if isinstance(broken, NotAllowed) else 400
        return _show(request, this, row, sent.get("text", ""), status=status)
    after = following(row.section)
    return (
        redirect("evaluations:section", this.pk, after)
        if after
        else redirect("evaluations:evaluation", this.pk)
    )


def _choose(request: HttpRequest, this: Evaluation, row: ReportSection) -> ReportText:
    sent = request.POST
    stored = this.texts.filter(section=row.section).first()
    mine, theirs = sent.get("text", ""), stored.text if stored else ""
    if sent["text_keep"] == "both":
        text = both(mine, theirs)
    else:
        text = theirs if sent.get("text_choice") == "theirs" else mine
    return actions.choose_text(
        by=request.user, evaluation=this, section=row.section, text=text,
        version=_version_in(f"0:{sent.get('text_seen', '')}"), mine=mine,
    )  # fmt: skip


def _token(user: User, version: int) -> str:
    """Who opened the page, and the version that it shows."""
    return f"{user.pk}:{version}"


def _version_in(token: str) -> int:
    """What cannot be read counts as never seen, so that nothing is overwritten by it."""
    version = token.partition(":")[2]
    return int(version) if version.isdecimal() and len(version) < 10 else 0


def _opened_by_another(user: User, token: str) -> bool:
    """A page left open is not saved in the name of whoever signs in next."""
    return token.partition(":")[0] not in ("", str(user.pk))


def _both_of(row: ReportSection, conflict: Conflict) -> dict[str, object]:
    theirs = conflict.theirs
    return {
        "sentence": f"{theirs.saved_by} changed “{row.title}” meanwhile.",
        "seen": theirs.version,
        **sides(conflict.mine, theirs.text, theirs.saved_by, theirs.saved_at),
    }


def _show(
    request: HttpRequest, this: Evaluation, row: ReportSection,
    mine: str | None = None, conflict: Conflict | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """`mine` is what was typed where it differs from what is stored."""
    stored = next((each for each in this.texts.all() if each.section == row.section), None)
    why_not = access.why_not_assess(request.user, this)
    text = mine if mine is not None else stored.text if stored else ""
    token = request.POST.get("version", "")  # what is typed stays over the version it was typed over
    done, needed = counted(this)
    context = {
        "evaluation": this,
        "ids": ids_of(this.student),
        "row": row,
        "form": section_form(row, text, editable=why_not is None, needed=is_needed(this, row)),
        "stored": stored,
        "version": _token(request.user, stored.version if stored else 0) if mine is None else token,
        "why_not": why_not,
        "sections": sections_of(this, row.section),
        "facts": [fact for fact in (Fact("Reason for the referral", this.referral_reason),) if fact.value],
        "components": [
            Check(each.status.tone, each.component.name, f"{each.component.evaluator}", each.url)
            for each in components_of(this)
        ],
        "ready": f"{done} of {needed} needed ones written" if needed else "",
        "conflict": _both_of(row, conflict) if conflict else None,
        "next_title": title_of(following(row.section)),
    }
    return render(request, "evaluations/section.html", context, status=status)
