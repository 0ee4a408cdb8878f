"""One request for records: by when it is answered, and the answer."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from evaluations.views.page import ids_of
from notices import access, actions
from notices.forms import AnswerForm
from notices.models import RecordsRequest
from notices.views.shown import standing_of
from security.models import User
from security.views.tried import tried
from ui.dates import in_words
from ui.parts import Fact


def request_for_records(request: HttpRequest, pk: int) -> HttpResponse:
    rows = RecordsRequest.objects.visible_to(request.user).select_related("student__state", "district")
    this = get_object_or_404(rows, pk=pk)
    request.user.looked_at(this.student_id, "request for records")
    form = AnswerForm(request.POST or None, initial={"on": timezone.localdate()})
    if request.method == "POST":
        access.check_may_keep_contacts(request.user, this.student)
        if form.is_valid() and tried(
            form,
            lambda: actions.answer_records_request(by=request.user, request=this, **form.cleaned_data),
        ):
            messages.success(request, "The answer is recorded.")
            return redirect("notices:request", pk)
    context = {
        "asked": this,
        "ids": ids_of(this.student),
        "status": standing_of(this, this.student.state.profile, timezone.localdate()),
        "facts": _facts(this),
        "form": form,
        "why_not": access.why_not_keep_contacts(request.user, this.student),
    }
    return render(request, "notices/request.html", context, status=400 if form.errors else 200)


def _facts(this: RecordsRequest) -> list[Fact]:
    due = this.due(this.student.state.profile)
    by = {person.pk: person for person in User.objects.filter(pk__in=[this.by_id, this.answered_by_id])}
    length = due.counting.length_in_words or "the day before the meeting"
    facts = [
        Fact("Asked by", this.asked_by),
        Fact("Asked on", in_words(this.asked_on), f"recorded by {by.get(this.by_id, 'the system')}"),
        Fact("What", this.what),
        Fact("Meeting or hearing", in_words(this.meeting_on)) if this.meeting_on else None,
        Fact("Due", in_words(due.day), f"{length}, {due.counting.authority}") if due.day else None,
        Fact("Answered", in_words(this.answered_on), f"by {by.get(this.answered_by_id, 'the system')}")
        if this.answered_on
        else None,
        Fact("How", this.get_way_display(), this.answer) if this.way else None,
    ]
    return [fact for fact in facts if fact]
