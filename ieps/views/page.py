"""The page of one IEP: its sections, what is still to do, beginning and discarding a draft."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ieps import access, actions
from ieps.carried import Waiting, earlier_iep, not_looked_at
from ieps.forms import DiscardForm, DraftForm
from ieps.items import Entry, Grid
from ieps.models import Iep
from ieps.models.iep import AMENDMENT
from ieps.outline import Chapter, Progress
from ieps.views.around import around
from ieps.views.lists import status_of
from ieps.views.where import where
from ieps.written import chapters_of
from security.views.tried import tried
from students.facts import short_facts
from students.models import Student
from ui.parts import Check, Fact, Section

TONES = {
    Progress.NOT_STARTED: ("quiet", "radio_button_unchecked"),
    Progress.IN_PROGRESS: ("info", "edit"),
    Progress.COMPLETE: ("good", "check_circle"),
    Progress.OPTIONAL: ("quiet", "remove"),
}
MOST_CHECKS = 8


def found(request: HttpRequest, pk: int) -> Iep:
    """404 outside of the person's scope."""
    this = Iep.objects.one_visible_to(request.user, pk)
    if this is None:
        raise Http404
    return this


@require_safe
def iep(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "IEP")
    return show(request, this, DiscardForm())


def show(request: HttpRequest, this: Iep, discard_form: DiscardForm, status: int = 200) -> HttpResponse:
    written = chapters_of(this)
    left = Iep.objects.last_drafts_of(request.user).filter(pk=this.pk).first()
    why_not = access.why_not_write(request.user, this)
    context = {
        **frame_of(this, written),
        "why_not": why_not,
        "takes_over": None if why_not else earlier_iep(this),
        "rows": [(chapter, address(this, chapter), *tone_of(this, chapter)) for chapter in written],
        "left": left if left and left.left_section else None,
        "facts": facts_of(this),
        "around": list(around(this, written)),
        "where": where(request.user, this),
        "corrections": [] if this.is_draft else this.corrections.select_related("corrected_by"),
        "discard_form": discard_form,
    }
    return render(request, "ieps/iep.html", context, status=status)


def start(request: HttpRequest, student_id: int) -> HttpResponse:
    student = get_object_or_404(Student.objects.visible_to(request.user), pk=student_id)
    access.check_may_start(request.user, student)
    request.user.looked_at(student.pk, "start of an IEP")
    form = DraftForm(request.POST or None, initial=_usual(student))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        if draft := tried(form, lambda: actions.start_draft(by=request.user, student=student, **typed)):
            messages.success(request, "The draft is begun. What you type is saved by itself.")
            takes_over = draft.kind != AMENDMENT and earlier_iep(draft)
            return redirect("ieps:carry_forward" if takes_over else "ieps:iep", draft.pk)
    context = {"student": student, "ids": ids_of(student), "form": form}
    return render(request, "ieps/start.html", context, status=400 if form.errors else 200)


def _usual(student: Student) -> dict[str, str]:
    """A child who has an IEP has it reviewed; otherwise the person chooses."""
    return (
        {"kind": "REV"}
        if Iep.objects.in_force_on(timezone.localdate()).filter(student=student).exists()
        else {}
    )


@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    this, form = found(request, pk), DiscardForm(request.POST)
    typed = form.cleaned_data if form.is_valid() else None
    if typed and tried(form, lambda: actions.discard_draft(by=request.user, iep=this, **typed)):
        messages.success(request, "The draft is discarded. The journal keeps who did it and why.")
        return redirect("ieps:list")
    return show(request, this, form, status=400)


def frame_of(
    this: Iep, written: tuple[Chapter, ...], current: str = "", conflicts: int = 0,
    waiting: Waiting | None = None,
) -> dict[str, object]:  # fmt: skip
    """What every page of this IEP shows around its middle; `conflicts` are those of the current section,
    `waiting` what of the earlier IEP nobody has looked at, where it is at hand.
    """
    waiting = waiting_of(this) if waiting is None else waiting
    needed = [chapter for chapter in written if chapter.progress is not Progress.OPTIONAL]
    ready = sum(chapter.progress is Progress.COMPLETE for chapter in needed)
    return {
        "iep": this,
        "ids": ids_of(this.student, this),
        "status": status_of(this),
        "sections": [section_of(this, chapter, current, conflicts) for chapter in written],
        "ready": f"{ready} of {len(needed)} ready" if this.is_draft else "",
        "done": ready,
        "total": len(needed),
        "checks": [*looks_of(this, written, current, waiting), *checks_of(this, written, current)],
    }


def section_of(this: Iep, chapter: Chapter, current: str, conflicts: int) -> Section:
    tone, icon = tone_of(this, chapter)
    here = chapter.section == current
    if here and conflicts:
        note = f"{conflicts} conflict{'s' if conflicts > 1 else ''}"
        return Section(chapter.title, address(this, chapter), "warn", "", note, current=True, key=current)
    return Section(
        chapter.title,
        address(this, chapter),
        tone,
        icon,
        _note(this, chapter),
        current=here,
        key=chapter.section,
    )


def tone_of(this: Iep, chapter: Chapter) -> tuple[str, str]:
    """Of what is agreed nothing is half done."""
    if this.is_draft:
        return TONES[chapter.progress]
    return TONES[Progress.COMPLETE if chapter.is_begun else Progress.OPTIONAL]


def _note(this: Iep, chapter: Chapter) -> str:
    """What is agreed is not counted any more: there it is said where something stands."""
    if not this.is_draft:
        return "Written" if chapter.is_begun else "Nothing is written here"
    if chapter.progress is Progress.IN_PROGRESS:
        return f"{len(chapter.missing)} to fill in"
    return "Ready" if chapter.progress is Progress.COMPLETE else chapter.progress.value.capitalize()


def address(this: Iep, chapter: Chapter) -> str:
    return reverse("ieps:section", args=[this.pk, chapter.section])


def waiting_of(this: Iep) -> Waiting:
    """Only a draft asks for a look."""
    return not_looked_at(this) if this.is_draft else {}


def looks_of(this: Iep, written: tuple[Chapter, ...], current: str, waiting: Waiting) -> list[Check]:
    """Sections in which something of an earlier IEP waits for a look."""
    sections = {section for section, _ in waiting}
    there = [chapter for chapter in written if chapter.section in sections]
    if not there:
        return []
    first = next((chapter for chapter in there if chapter.section == current), there[0])
    titles = ", ".join(chapter.title for chapter in there)
    return [Check("warn", look_words(len(waiting)), titles, address(this, first))]


def look_words(count: int) -> str:
    return f"{count} field{'' if count == 1 else 's'} of the earlier IEP to look at"


def checks_of(this: Iep, written: tuple[Chapter, ...], current: str) -> list[Check]:
    """What is missing in the sections that are begun, this one first, each with a link to its field."""
    begun = [chapter for chapter in written if chapter.progress is Progress.IN_PROGRESS]
    begun.sort(key=lambda chapter: chapter.section != current)
    missing = [
        Check("warn", title_of(item), chapter.title, f"{address(this, chapter)}#{anchor(item)}")
        for chapter in begun
        for item in chapter.missing
    ]
    untouched = [
        Check("quiet", f"{chapter.title} is not started", url=address(this, chapter))
        for chapter in written
        if chapter.progress is Progress.NOT_STARTED
    ]
    every = [*missing, *untouched]
    rest = len(every) - MOST_CHECKS
    return [
        *every[:MOST_CHECKS],
        *(
            [Check("quiet", f"and {rest} more", url=reverse("ieps:missing", args=[this.pk]))]
            if rest > 0
            else []
        ),
    ]


def title_of(item: Entry | Grid) -> str:
    return item.title if isinstance(item, Entry) else item.label


def anchor(item: Entry | Grid) -> str:
    return f"id_{item.key}" if isinstance(item, Entry) else f"table-{item.key}"


def ids_of(student: Student | None, this: Iep | None = None) -> list[Fact]:
    iep = [Fact(f"{this.title}", this.get_status_display())] if this else []
    if student is None:
        return iep
    return [*iep, *short_facts(student, None, None, timezone.localdate())]


def facts_of(this: Iep) -> list[Fact]:
    evaluation = this.evaluation
    facts = [
        Fact("Category", this.category_name),
        Fact("Team meeting", this.meeting_date),
        Fact("District", this.district),
        Fact("Begun by", this.author, ""),
        Fact("Evaluation", evaluation and evaluation.title),
        Fact("Determined", evaluation and evaluation.determination_date),
        Fact("Written in the legacy system by", this.original_author),
        Fact("Last saved there", this.original_modified_at),
    ]
    return [fact for fact in facts if fact.value]
