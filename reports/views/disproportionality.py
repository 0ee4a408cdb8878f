"""Significant disproportionality of a district, race by race; and what its state asks for."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from enrollment.views.place import chosen_district
from organizations.measures import NOTHING
from organizations.models import District, State
from reports.figures.disproportionality import DEED, Finding, decide, findings, settings_of
from reports.figures.measures import CHILD_COUNT, races
from reports.forms import DisproportionalityForm
from reports.rules.disproportionality import Analysis, Base, How, analyses
from security.access import check, why_not
from security.refusals import NotAllowed
from security.rules.roles import Permission
from ui.lists import Filter, ListState

MOST = 5.0  # the ratio that fills a bar


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """`?district=`, among those that the reader reaches as a whole; today."""
    district, offered, reach = chosen_district(request)
    if not (reach.everything or district.pk in reach.district_ids):
        raise NotAllowed(f"A role at a school does not show how the whole of {district} stands.")
    asked, today, found = settings_of(district.state), timezone.localdate(), {}
    for finding in findings(district, today):
        found.setdefault(finding.analysis, []).append(finding)
    choices = [(str(row.pk), row.name) for row in offered]
    context = {
        "district": district, "today": today, "asked": asked,
        "tables": [(each, _rows(rows, district, today)) for each, rows in found.items()],
        "standing_out": _standing_out(found),
        "not_held": [each.title for each in analyses() if not each.held],
        "state": ListState.read(request.GET, (), filters=_filters(choices)),
        "settings_url": _settings_url(request, district.state),
    }  # fmt: skip
    return render(request, "reports/disproportionality.html", context)


def settings(request: HttpRequest) -> HttpResponse:
    """What the state asks for; one page, one state."""
    check(request.user, Permission.DECIDE_EXITS, None, DEED)
    states = list(State.objects.order_by("name"))
    asked = request.GET.get("state", "")
    state = next((row for row in states if row.code == asked), states[0] if states else None)
    if state is None:
        raise Http404
    now = settings_of(state)
    first = {name: getattr(now, name) for name in DisproportionalityForm.base_fields}
    form = DisproportionalityForm(request.POST or None, initial=first)
    if form.is_bound and form.is_valid():
        decide(by=request.user, state=state, **form.cleaned_data)
        messages.success(request, "Saved. It holds from now on.")
        return redirect(f"{request.path}?state={state.code}")
    context = {"form": form, "state": state, "states": states}
    status = 400 if form.errors else 200
    return render(request, "reports/disproportionality_settings.html", context, status=status)


def _rows(found: list[Finding], district: District, day: date) -> list[dict[str, object]]:
    words = races()
    return [
        {
            "race": words[each.compared.race],
            "group": each.compared.group,
            **_opens(each, {"district": district.pk, "day": day, "race": each.compared.race or NOTHING}),
            "ratio": each.compared.ratio,
            "how": each.compared.how,
            "alternate": each.compared.how is How.ALTERNATE,
            "share": min((each.compared.ratio or 0) / MOST, 1),
            "ink": "bad" if each.significant else "warn" if each.over and each.over[0] else "soft",
            "over": sum(each.over),
            "significant": each.significant,
        }
        for each in found
    ]


def _opens(found: Finding, place: Mapping[str, object]) -> dict[str, str]:
    """The children with the outcome, and those of the base."""
    analysis = found.analysis
    count, enrolled = (reverse("reports:list", args=[slug]) for slug in (CHILD_COUNT, "enrolled"))
    outcome = urlencode({"by": "rows", **place, "outcome": analysis.number})
    of_age = {**place, "ages": analysis.ages_in_address}
    base = f"{count}?{urlencode({'by': 'rows', **of_age, 'idea': 'yes'})}"
    if analysis.base is Base.ENROLLED:
        base = f"{enrolled}?{urlencode(of_age)}"
    return {"outcome_url": f"{count}?{outcome}", "base_url": base}


def _standing_out(found: dict[Analysis, list[Finding]]) -> list[str]:
    words = races()
    return [
        f"{words[each.compared.race]}: {analysis.title[0].lower()}{analysis.title[1:]}"
        for analysis, rows in found.items()
        for each in rows
        if each.significant
    ]


def _filters(choices: list[tuple[str, str]]) -> tuple[Filter, ...]:
    return (Filter("district", "District", choices),) if len(choices) > 1 else ()


def _settings_url(request: HttpRequest, state: State) -> str:
    """For those who may decide."""
    if why_not(request.user, Permission.DECIDE_EXITS, None, DEED):
        return ""
    return f"{reverse('reports:disproportionality_settings')}?{urlencode({'state': state.code})}"
