"""The transition checklist of one IEP, and the rights of a student who comes of age."""

from collections.abc import Iterator

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from ieps import access, actions
from ieps.models import ChecklistAnswer, Iep, TeamAnswer
from ieps.rules.indicator_13 import Answer, Finding, Item, is_complete, items
from ieps.rules.majority import majority
from ieps.transition import SECTION, checklists_of
from ieps.values import YES, in_print
from ieps.views.lists import status_of
from ieps.views.page import found, ids_of
from security.views.tried import tried
from ui.dates import in_words
from ui.parts import Fact, Status

TONES = {
    Answer.YES: ("good", "check_circle"),
    Answer.NO: ("bad", "error"),
    Answer.NOT_APPLICABLE: ("quiet", "remove"),
    Answer.OPEN: ("warn", "edit"),
}


class AnswerForm(forms.Form):
    answer = forms.ChoiceField(widget=forms.RadioSelect, error_messages={"required": "Choose an answer."})
    words = forms.CharField(label="In words", max_length=500, required=False)

    def __init__(self, item: Item, *args, **options) -> None:
        super().__init__(*args, auto_id=f"{item.item}_%s", **options)
        offered = [each for each in TeamAnswer if item.may_not_apply or each != TeamAnswer.NOT_APPLICABLE]
        self.fields["answer"].label = item.asks
        self.fields["answer"].choices = [(each.value, each.label) for each in offered]


@require_safe
def transition(request: HttpRequest, pk: int) -> HttpResponse:
    this = found(request, pk)
    request.user.looked_at(this.student_id, "transition checklist")
    return _page(request, this)


@require_POST
def answer(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    this = found(request, pk)
    row = next((each for each in items() if each.item == item and each.asks), None)
    if row is None:
        raise Http404
    form = AnswerForm(row, request.POST)
    by = request.user
    if form.is_valid() and tried(
        form, lambda: actions.answer_checklist(by=by, iep=this, item=item, **form.cleaned_data)
    ):
        return redirect(f"{reverse('ieps:transition', args=[pk])}#{item}")
    return _page(request, this, {item: form}, status=400)


def _page(
    request: HttpRequest, this: Iep, typed: dict[str, AnswerForm] | None = None, status: int = 200
) -> HttpResponse:
    findings = checklists_of([this], timezone.localdate())[this.pk]
    answers = {row.item: row for row in this.checklist_answers.select_related("by")}
    why_not = access.why_not_answer(request.user, this)
    context = {
        "iep": this,
        "ids": ids_of(this.student, this),
        "status": status_of(this),
        "complete": is_complete(findings),
        "done": sum(one.answer in (Answer.YES, Answer.NOT_APPLICABLE) for one in findings),
        "rows": [_row(this, one, answers.get(one.item.item), typed or {}, why_not) for one in findings],
        "rights": list(_rights(this)),
        "diploma": list(_diploma(this)),
    }
    return render(request, "ieps/transition.html", context, status=status)


def _row(
    this: Iep,
    finding: Finding,
    kept: ChecklistAnswer | None,
    typed: dict[str, AnswerForm],
    why_not: str | None,
) -> dict[str, object]:
    item, section = finding.item, reverse("ieps:section", args=[this.pk, SECTION])
    anchor = item.field if item.field.startswith("table-") else f"id_{item.field}"
    initial = {"answer": kept.answer, "words": kept.words} if kept else None
    form = typed.get(item.item) or AnswerForm(item, initial=initial)
    return {
        "finding": finding,
        "status": Status(TONES[finding.answer][0], finding.answer.value, TONES[finding.answer][1]),
        "url": f"{section}#{anchor}",
        "kept": kept,
        "form": form if finding.asked and not why_not else None,
        "open": item.item in typed or finding.answer is Answer.OPEN,
    }


def _rights(this: Iep) -> Iterator[Fact]:
    """Told a year before the age of majority; from that day on the student signs."""
    if this.student is None or this.student.birth_date is None:
        return
    days = majority(this.student.state.profile, this.student.birth_date)
    texts = dict(this.texts.filter(section="GSI").values_list("field", "text"))
    told = texts.get("age_of_majority") == YES
    day = in_print("date", texts.get("age_of_majority_date", ""), timezone.localdate())
    yield Fact("Told of the transfer of rights", f"Yes, {day}" if told and day else "Yes" if told else "No",
               f"to be told by {in_words(days.told_by)}" if days.told_by else "")  # fmt: skip
    yield Fact("Rights transfer", in_words(days.on) if days.on else "")
    yield Fact("Who signs today", str(days.signs(timezone.localdate())).capitalize(),
               "unless a court has decided otherwise")  # fmt: skip


def _diploma(this: Iep) -> Iterator[tuple[str, str, str]]:
    """Label, address and what stands there: April Dunn, LEAP Connect, their calculators."""
    texts = dict(this.texts.filter(section="PRG").values_list("field", "text"))
    program = reverse("ieps:section", args=[this.pk, "PRG"])
    eligible = in_print("bool", texts.get("eligible", ""), timezone.localdate())
    yield "April Dunn Act", f"{program}#id_eligible", f"Eligible: {eligible or 'not answered'}"
    said = in_print("code:state_assessment", texts.get("assessment", ""), timezone.localdate())
    yield "State assessment", f"{program}#id_assessment", said or "not chosen"
    connect = reverse("ieps:section", args=[this.pk, "LEAPC"])
    yield "LEAP Connect eligibility", connect, "The criteria, where the assessment is LEAP Connect"
    yield "LEAP Connect thresholds", reverse("ieps:leap_connect"), "A calculator; nothing typed is kept"
