"""What still holds of an earlier IEP: chosen when a draft begins, looked at in each section."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from ieps import access, actions
from ieps.carried import earlier_iep, offered
from ieps.forms import CarryForm
from ieps.models import Iep
from ieps.views.lines import save_typed
from ieps.views.page import address, found, ids_of
from ieps.views.section import chapter_of
from security.refusals import RuleBroken
from security.views.tried import tried

NOTHING_THERE = "Nothing of an earlier IEP of this student is written here."


def carry_forward(request: HttpRequest, pk: int) -> HttpResponse:
    """Section by section, goal by goal."""
    this = found(request, pk)
    access.check_may_write(request.user, this)
    request.user.looked_at(this.student_id, "earlier IEP taken over")
    source = earlier_iep(this)
    if source is None:
        messages.info(request, NOTHING_THERE)
        return redirect("ieps:iep", this.pk)
    form = CarryForm(offered(source), request.POST or None)
    if request.method == "POST" and form.is_valid() and _carried(request, this, source, form):
        return redirect("ieps:iep", this.pk)
    context = {"iep": this, "ids": ids_of(this.student, this), "source": source, "form": form}
    return render(request, "ieps/carry.html", context, status=400 if form.errors else 200)


def _carried(request: HttpRequest, this: Iep, source: Iep, form: CarryForm) -> bool:
    typed = form.cleaned_data
    chosen = {"chosen": typed.get("sections", []), "goals": typed.get("goals", [])}
    count = tried(form, lambda: actions.carry_forward(by=request.user, source=source, to=this, **chosen) + 1)
    if count:
        words = f"{count - 1} fields were taken over. Each asks for a look: change it, or keep it on purpose."
        messages.success(request, words)
    return bool(count)


@require_POST
def look_at(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    """The named fields still hold; for a script the note that takes the place of the question."""
    this = found(request, pk)
    chapter, keys = chapter_of(this, section), request.POST.get("looked", "").split()
    try:
        if not request.htmx:
            save_typed(request, this, chapter)
        actions.look_at(by=request.user, iep=this, section=section, keys=keys)
    except RuleBroken as broken:
        messages.error(request, str(broken))
        return redirect("ieps:section", this.pk, section)
    if request.htmx:
        return render(request, "ieps/looked_at.html", {"at": timezone.localtime()})
    return redirect(f"{address(this, chapter)}#{place_of(keys)}")


def place_of(keys: list[str]) -> str:
    return f"id_{keys[0]}" if keys else "main"
