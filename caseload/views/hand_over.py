"""Students are handed from one person to another, many at once."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods

from caseload.actions.reassign import HandedOver, check_may_reassign, reassign
from caseload.held import Held, held_by, takers, who_hold, with_reasons
from security.models import User
from security.views.tried import tried


class HandOverForm(forms.Form):
    to = forms.ModelChoiceField(
        User.objects.none(),
        label="To",
        empty_label="Choose a person",
        error_messages={
            "required": "Choose who takes them over.",
            "invalid_choice": "Choose a person offered.",
        },
    )
    chosen = forms.MultipleChoiceField(
        required=False, error_messages={"invalid_choice": "Something was handed over meanwhile. Look again."}
    )

    def __init__(self, offered, held: list[Held], *args, **options) -> None:
        super().__init__(*args, **options)
        self.fields["to"].queryset = offered
        self.fields["chosen"].choices = [(each.key, each.key) for each in held]


@require_http_methods(["GET", "HEAD", "POST"])
def hand_over(request: HttpRequest) -> HttpResponse:
    """`?person=`: whose students; the answer of a POST says what went over, and what stayed and why."""
    by = request.user
    check_may_reassign(by)
    holders = who_hold(by)
    asked = request.GET.get("person", "")
    person = get_object_or_404(holders, pk=int(asked)) if asked.isdecimal() and len(asked) < 10 else None
    held = held_by(by, person) if person else []
    by.saw_among_others({each.student.pk for each in held}, "students to hand over")
    form = HandOverForm(takers(by).exclude(pk=person.pk), held, request.POST or None) if person else None
    done = None
    if form and form.is_bound and form.is_valid():
        done = tried(form, lambda: _hand_over(by, person, form)) or None
    context = {
        "holders": holders, "holder": person, "form": form, "done": done,
        "held": with_reasons(held, by) if not done else [],
        "ticked": set(request.POST.getlist("chosen")),
    }  # fmt: skip
    return render(request, "caseload/hand_over.html", context, status=400 if form and form.errors else 200)


def _hand_over(by: User, person: User, form: HandOverForm) -> HandedOver:
    typed = form.cleaned_data
    return reassign(by=by, person=person, to=typed["to"], chosen=typed["chosen"])
