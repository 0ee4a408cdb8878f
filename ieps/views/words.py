"""Words for one field: from the evaluation report, from a bank; and its text kept for the next time."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from ieps import access, actions
from ieps.bank import kept_districts, name_in, offered_for
from ieps.bank_forms import KeepForm
from ieps.from_evaluation import Said, said_for
from ieps.items import Entry
from ieps.models import Iep
from ieps.outline import Chapter
from ieps.values import is_a_key
from ieps.views.lines import save_typed
from ieps.views.page import address, found, frame_of
from ieps.views.section import chapter_of
from ieps.written import chapters_of
from security.refusals import RuleBroken
from security.views.tried import tried
from ui.two_texts import plain

MOST = 50


def words(request: HttpRequest, pk: int, section: str, field: str) -> HttpResponse:
    """What can go into the field; a POST of the section's form saves what was typed there first."""
    this, chapter, entry = _found(request, pk, section, field)
    request.user.looked_at(this.student_id, "words for an IEP")
    if request.method == "POST":
        save_typed(request, this, chapter)
        return redirect("ieps:words", this.pk, section, field)
    return show(request, this, chapter, entry, KeepForm(_keepers(request, this), initial=_area(this, field)))


@require_POST
def insert(request: HttpRequest, pk: int, section: str, field: str) -> HttpResponse:
    """The chosen words are added below what stands in the field."""
    this, chapter, entry = _found(request, pk, section, field)
    chosen = _chosen(request, this, section, field)
    if chosen is None:
        messages.error(request, "These words are not offered any more. Choose others.")
        return redirect("ieps:words", this.pk, section, field)
    try:
        actions.insert_words(by=request.user, iep=this, section=section, field=field, words=chosen)
    except RuleBroken as broken:
        messages.error(request, str(broken))
    return redirect(f"{address(this, chapter)}#id_{entry.key}")


@require_POST
def keep(request: HttpRequest, pk: int, section: str, field: str) -> HttpResponse:
    """The text of the field is kept in a bank, without the names of the child."""
    this, chapter, entry = _found(request, pk, section, field)
    form = KeepForm(_keepers(request, this), request.POST)
    typed = form.cleaned_data if form.is_valid() else None
    text = _text(this, section, field)
    if typed and (
        kept := tried(
            form,
            lambda: actions.keep_from_iep(
                by=request.user, iep=this, section=section, field=field, text=text, area=typed["area"],
                mine=form.district is None,
            ),
        )
    ):  # fmt: skip
        messages.success(request, f"Kept in the bank: “{kept.text[:200]}”")
        return redirect("ieps:words", this.pk, section, field)
    return show(request, this, chapter, entry, form, status=400)


def show(
    request: HttpRequest, this: Iep, chapter: Chapter, entry: Entry, form: KeepForm, status: int = 200
) -> HttpResponse:
    looked_for = plain(request.GET.get("q", "")).strip()
    text = _text(this, chapter.section, entry.key)
    context = {
        **frame_of(this, chapters_of(this), chapter.section),
        "chapter": chapter,
        "entry": entry,
        "back": f"{address(this, chapter)}#id_{entry.key}",
        "said": _said(this, chapter.section, entry.key),
        "statements": offered_for(request.user, chapter.section, entry.key, looked_for)[:MOST],
        "q": looked_for,
        "form": form,
        "text": text,
        "kept_as": _without_names(text, this),
    }
    return render(request, "ieps/words.html", context, status=status)


def _found(request: HttpRequest, pk: int, section: str, field: str) -> tuple[Iep, Chapter, Entry]:
    this = found(request, pk)
    access.check_may_write(request.user, this)
    chapter = chapter_of(this, section)
    entry = chapter.entry(field)
    if entry is None:
        raise Http404
    return this, chapter, entry


def _said(this: Iep, section: str, field: str) -> list[Said]:
    return said_for(this.evaluation, section, name_in(field))


def _chosen(request: HttpRequest, this: Iep, section: str, field: str) -> str | None:
    """The words that were chosen: `said` by their place in the report, `statement` by its number."""
    number = request.POST.get("said", "")
    if number:
        said = _said(this, section, field)
        return next((each.text for place, each in enumerate(said) if str(place) == number), None)
    key = request.POST.get("statement", "")
    row = offered_for(request.user, section, field).filter(pk=key).first() if is_a_key(key) else None
    return row.text if row else None


def _keepers(request: HttpRequest, this: Iep) -> list:
    return [each for each in kept_districts(request.user) if each.pk == this.district_id]


def _text(this: Iep, section: str, field: str) -> str:
    stored = this.texts.filter(section=section, field=field).first()
    return stored.text if stored else ""


def _without_names(text: str, this: Iep) -> str:
    try:
        return actions.of_no_child(text, this.student)
    except RuleBroken as broken:
        return str(broken)


def _area(this: Iep, field: str) -> dict[str, str]:
    """The area of need of the plan that the field stands in."""
    plan, dot, _ = field.partition(".")
    text = this.texts.filter(field=f"{plan}.area").first() if dot else None
    return {"area": text.text[:60]} if text else {}
