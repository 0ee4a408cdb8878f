"""How I am reminded, the address of my calendar feed, and the feed itself."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from rest_framework.throttling import SimpleRateThrottle

from caseload.actions.feed import days_of, end_feed, make_feed
from caseload.actions.remind import choose
from caseload.addresses import page
from caseload.ical import AllDay, calendar
from caseload.models import CalendarFeed, Deadline, ReminderChoice
from security import scope

DAYS_BEFORE = [("", "No"), ("1", "1 day before"), ("3", "3 days before"), ("7", "7 days before"),
               ("14", "14 days before"), ("30", "30 days before")]  # fmt: skip


class RemindersForm(forms.Form):
    days_before = forms.TypedChoiceField(
        label="Remind me of each due day", choices=DAYS_BEFORE, required=False, coerce=int, empty_value=None
    )
    weekly = forms.BooleanField(
        label="Tell me each Monday what the week holds",
        required=False,
        help_text="As a notice here: how much is overdue, due this week, and later.",
    )
    by_email = forms.BooleanField(
        label="Send it by e-mail too",
        required=False,
        help_text="Numbers and a link alone. No student is named.",
    )


class PerFeed(SimpleRateThrottle):
    """A calendar program asks some times an hour; whoever asks more often is told to wait."""

    rate = "60/hour"
    scope = "calendar feed"

    def get_cache_key(self, request: Any, view: Any) -> str:
        return f"throttle-feed-{view.pk}"


@require_http_methods(["GET", "HEAD", "POST"])
def reminders(request: HttpRequest) -> HttpResponse:
    form = RemindersForm(request.POST or None, initial=_known(request))
    if request.method == "POST" and form.is_valid():
        choose(by=request.user, **form.cleaned_data)
        messages.success(request, "Your reminders are changed.")
        return redirect("caseload:reminders")
    return _page(request, form)


@require_POST
def change_feed(request: HttpRequest) -> HttpResponse:
    """A new address in place of the old one, which this answer alone shows; or none any more."""
    if request.POST.get("what") == "end":
        end_feed(by=request.user)
        messages.success(request, "The feed is ended. Calendars that ask for it are refused from now on.")
        return redirect("caseload:reminders")
    _, secret = make_feed(by=request.user)
    return _page(request, RemindersForm(initial=_known(request)), secret)


def _known(request: HttpRequest) -> dict[str, object]:
    mine = ReminderChoice.objects.filter(user=request.user).first() or ReminderChoice()
    return {name: getattr(mine, name) for name in RemindersForm.base_fields}


def _page(request: HttpRequest, form: RemindersForm, plain: str = "") -> HttpResponse:
    address = request.build_absolute_uri(reverse("caseload:feed", args=[plain])) if plain else ""
    mine = CalendarFeed.objects.in_force().filter(user=request.user).first()
    context = {"form": form, "feed": mine, "address": address, "form_url": reverse("caseload:reminders")}
    return render(request, "caseload/reminders.html", context, status=400 if form.errors else 200)


@require_safe
def feed(request: HttpRequest, secret: str) -> HttpResponse:
    """Whoever knows the address gets the days; it names no child."""
    found = CalendarFeed.objects.in_force().named(secret).select_related("user").first()
    if found is None:
        raise Http404
    throttle = PerFeed()
    if not throttle.allow_request(request, found):
        return HttpResponse("Too often. Ask again later.", status=429, headers=_wait(throttle))
    with scope.of(found.user):
        events = [_event(row, request) for row in days_of(found)]
    answer = HttpResponse(calendar("Deadlines", events), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'inline; filename="deadlines.ics"'
    return answer


def _wait(throttle: PerFeed) -> dict[str, str]:
    return {"Retry-After": str(int(throttle.wait() or timedelta(hours=1).total_seconds()))}


def _event(row: Deadline, request: HttpRequest) -> AllDay:
    assert row.due_on is not None
    link = page("caseload:deadline", row.pk) or f"{reverse('caseload:deadlines')}?who=me"
    return AllDay(
        uid=f"deadline-{row.pk}@{request.get_host()}",
        day=row.due_on,
        summary=f"{row.name}: due",
        url=request.build_absolute_uri(link),
        stamp=row.counted_at,
    )
