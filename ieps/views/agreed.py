"""What can be done with an official IEP: amended, corrected, deleted on request."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from ieps import access, actions
from ieps.actions.delete import why_not_decide
from ieps.changes import changes_between
from ieps.items import Entry
from ieps.models import Iep
from ieps.outline import Chapter
from ieps.rules.correcting import may_be_corrected
from ieps.signing_forms import AmendForm, AskDeletionForm, CorrectForm, DecideDeletionForm
from ieps.views.page import found, ids_of, status_of
from ieps.written import chapters_of, written_of
from security.views.tried import tried

SHORT = 60
Place = tuple[str, str]


def amend(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "amendment of an IEP")
    form = AmendForm(request.POST or None)
    if form.is_bound and form.is_valid():
        draft = tried(form, lambda: actions.begin_amendment(by=request.user, iep=this, **form.cleaned_data))
        if draft:
            messages.success(
                request, "The amendment is begun, with all that was agreed. Change what changes."
            )
            return redirect("ieps:iep", draft.pk)
    return _show(
        request, "ieps/amend.html", this, form=form, why_not=access.why_not_amend(request.user, this)
    )


@require_safe
def changes(request: HttpRequest, pk: int) -> HttpResponse:
    """What an amendment changes, field by field."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "changes of an IEP")
    return _show(
        request, "ieps/changes.html", this, changes=changes_between(this.amends, this) if this.amends else []
    )


def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """First which field (`?field=GSI.strengths`), then how it should read."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "correction of an IEP")
    chapters, texts = chapters_of(this), written_of(this).texts
    section, _, key = request.GET.get("field", "").partition(".")
    entry = _entry(chapters, section, key)
    text = texts.get((section, key), "")
    form = CorrectForm(request.POST or None, initial={"after": text, "before": text})
    if entry and form.is_bound and form.is_valid():
        typed = {name: value.replace("\r\n", "\n") for name, value in form.cleaned_data.items()}
        if tried(
            form,
            lambda: actions.correct(by=request.user, iep=this, section=section, field=key, **typed),
        ):
            messages.success(request, "Corrected. What was signed stays beside it.")
            return redirect("ieps:correct", pk)
    return _show(
        request, "ieps/correct.html", this, form=form, entry=entry,
        why_not=access.why_not_correct(request.user, this),
        fields=[] if entry else _correctable(chapters, texts),
        corrections=this.corrections.select_related("corrected_by").order_by("-corrected_at"),
    )  # fmt: skip


def deletion(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for it, or decide about what somebody else asks."""
    this = found(request, pk)
    request.user.looked_at(this.student_id, "deletion of an IEP")
    asked = this.delete_requests.filter(granted=None).select_related("asked_by").first()
    form = (DecideDeletionForm if asked else AskDeletionForm)(request.POST or None)
    if form.is_bound and form.is_valid() and tried(form, lambda: _delete(request, this, form, bool(asked))):
        return redirect("ieps:deletion" if not asked else "ieps:iep", pk)
    why_not = why_not_decide(request.user, this) if asked else access.why_not_ask_deletion(request.user, this)
    return _show(
        request, "ieps/deletion.html", this, form=form, asked=asked, why_not=why_not,
        past=this.delete_requests.exclude(granted=None).select_related("asked_by", "decided_by"),
    )  # fmt: skip


def _delete(request: HttpRequest, this: Iep, form, is_asked: bool) -> object:
    by, typed = request.user, form.cleaned_data
    if not is_asked:
        asked = actions.ask_deletion(by=by, iep=this, **typed)
        messages.success(request, "Asked. Somebody else decides; until then it stays in force.")
        return asked
    grant = request.POST.get("grant") == "yes"
    decided = actions.decide_deletion(by=by, iep=this, grant=grant, **typed)
    messages.success(request, "The IEP is deleted." if grant else "Refused: the IEP is what it was.")
    return decided


def _correctable(chapters: tuple[Chapter, ...], texts) -> list[tuple[str, str, str]]:
    """(place, label, first words) of every text that may be corrected."""
    return [
        (f"{chapter.section}.{entry.key}", f"{chapter.title}: {entry.title}", _first_words(words))
        for chapter in chapters
        for entry in chapter.entries
        if may_be_corrected(entry.type) and (words := texts.get((chapter.section, entry.key), "")).strip()
    ]


def _first_words(text: str) -> str:
    words = " ".join(text.split())
    return words if len(words) <= SHORT else f"{words[:SHORT].rstrip()}…"


def _entry(chapters: tuple[Chapter, ...], section: str, key: str) -> Entry | None:
    chapter = next((each for each in chapters if each.section == section), None)
    entry = chapter.entry(key) if chapter else None
    return entry if entry and may_be_corrected(entry.type) else None


def _show(request: HttpRequest, template: str, this: Iep, **context: object) -> HttpResponse:
    form = context.get("form")
    status = 400 if form is not None and form.errors else 200
    around = {"iep": this, "ids": ids_of(this.student, this), "status": status_of(this)}
    return render(request, template, {**around, **context}, status=status)
